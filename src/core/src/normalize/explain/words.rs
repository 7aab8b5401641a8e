//! The closed lists of rules and reasons. Python has a sentence for each (`normalize/rules.tsv`, `reasons.tsv`).

macro_rules! names {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($variant),+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }
        }
    };
}

names! {
    /// How a field gets its value.
    Rule {
        Element = "element",
        NoSegment = "no_segment",
        MemberId = "member_id",
        SubscriberIsSelf = "subscriber_is_self",
        CallersDate = "callers_date",
        ImpliedDate = "implied_date_of_service",
        CallerOnly = "caller_only",
        AccountNumber = "account_number",
        Reference = "reference",
        WindowOfStatusRow = "window_of_status_row",
        WindowOfActiveSpan = "window_of_active_span",
        WindowOfPatient = "window_of_patient",
        StatusRow = "status_row",
        StatusCode = "status_code",
        NoStatusRow = "no_status_row",
        PlanStatus = "plan_status",
        PlanStatusOfOtherTime = "plan_status_of_other_time",
        ServiceStatus = "service_status",
        ServiceStatusOfOtherTime = "service_status_of_other_time",
        Implied = "implied_by_benefits",
        NonCovered = "non_covered",
        NoStatus = "no_status",
        PrimaryRejection = "primary_rejection",
        NoRejection = "no_rejection",
        TextOfRejection = "text_of_rejection",
        FirstMessage = "first_message",
        TotalAmount = "total_amount",
        RemainingAmount = "remaining_amount",
        DerivedRemaining = "derived_remaining",
        Placeholder = "placeholder",
        PlaceholderTotal = "placeholder_total",
        Coinsurance = "coinsurance",
        Copay = "copay",
        SpecialistCopay = "specialist_copay",
        Administrator = "administrator",
        SecondPayer = "second_payer",
        PayerContact = "payer_contact",
        PayerAddress = "payer_address",
        AlternatePayer = "alternate_payer",
        AlternateType = "alternate_type",
        AlternateAddress = "alternate_address",
        AlternatePhone = "alternate_phone",
        Facility = "primary_care_facility",
        PrimaryCare = "primary_care",
        Npi = "primary_care_npi",
        PrimaryCareAddress = "primary_care_address",
        PrimaryCareContact = "primary_care_contact",
        OwnAddress = "own_address",
    }
}

names! {
    /// What speaks for or against a candidate.
    Word {
        // Why a row cannot fill an amount.
        NoNumber = "no_number",
        Quantity = "quantity",
        Procedure = "procedure_specific",
        DatedElsewhere = "dated_elsewhere",
        OtherPlan = "other_plan",
        OtherServiceType = "other_service_type",
        OtherNetwork = "other_network",
        OtherLevel = "other_coverage_level",
        OtherPeriod = "other_time_period",
        OtherPlace = "other_place_of_service",
        OtherMessage = "other_message",
        SpecialistOnly = "specialist_only",
        NoSpecialist = "no_specialist_message",
        Placeholder = "placeholder",
        TotalIsPlaceholder = "total_is_placeholder",
        AppliedWithoutTotal = "applied_without_total",
        AppliedUnlikeTotal = "applied_unlike_total",
        AppliedNotNeeded = "applied_not_needed",
        // What a row lost on.
        LaterServiceType = "later_service_type",
        LaterNetwork = "later_network",
        LaterLevel = "later_coverage_level",
        LaterPeriod = "later_time_period",
        LaterPlaceOfService = "later_place_of_service",
        LaterMessage = "later_message",
        DocumentOrder = "document_order",
        // What a row was used for.
        Total = "total",
        Applied = "applied",
        // Coverage.
        CoversTheDay = "covers_the_day",
        SaysNoOtherTime = "says_no_other_time",
        OtherTime = "other_time",
        UndatedBesideDated = "undated_beside_dated",
        InactiveBesideActive = "inactive_beside_active",
        ServiceLevel = "service_level",
        NotRequested = "not_requested",
        SpeaksOfServices = "speaks_of_services",
        AlsoImplies = "also_implies",
        NotAStatus = "not_a_status",
        RejectionIsNoStatus = "rejection_is_no_status",
        // Rejections and their texts.
        LaterLoop = "later_loop",
        BenefitLevelBesideStatus = "benefit_level_beside_status",
        UnlistedLoop = "unlisted_loop",
        NotAboutTheRejection = "not_about_the_rejection",
        // Elements, references and dates.
        ElementEmpty = "element_empty",
        Unreadable = "unreadable",
        OtherQualifier = "other_qualifier",
        LaterQualifier = "later_qualifier",
        LaterPlace = "later_place",
        EchoOfQuestion = "echo_of_question",
        SingleDateIsStart = "single_date_is_start",
        RangeIsThePlans = "range_is_the_plans",
        OpenEnd = "open_end",
        SubscribersDate = "subscribers_date",
        // Payers and providers.
        OtherEntity = "other_entity",
        LaterEntity = "later_entity",
        OtherInformationCode = "other_information_code",
        LaterInformationCode = "later_information_code",
        NotOnAPlanRow = "not_on_a_plan_row",
        SameAsPayer = "same_as_payer",
        NeverAPayer = "never_a_payer",
        NotPrimaryCare = "not_primary_care",
        NotAPerson = "not_a_person",
        NotAnOrganization = "not_an_organization",
        NoSuchNumber = "no_such_number",
        NoAddress = "no_address",
    }
}
