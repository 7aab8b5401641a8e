//! The columns of `eligibility` by their names, so that each is filled by what stands beside it and none is left out.

use super::build::Builder;

macro_rules! columns {
    ($($before:ident)*, amounts: [$($amount:ident)*], $($after:ident)*) => {
        /// All columns, in the order of the table.
        pub const NAMES: &[&str] = &[
            $(stringify!($before),)* $(stringify!($amount),)* $(stringify!($after),)*
        ];

        /// The money fields' columns, in their order.
        pub const AMOUNTS: &[&str] = &[$(stringify!($amount)),*];

        /// The columns where one row is put.
        pub struct Line<'c> {
            $(pub $before: &'c mut Builder,)*
            pub amounts: &'c mut [Builder],
            $(pub $after: &'c mut Builder,)*
        }

        impl<'c> Line<'c> {
            /// None if there are fewer columns.
            #[inline(always)]
            pub fn of(columns: &'c mut [Builder]) -> Option<Line<'c>> {
                let [$($before,)* amounts @ .., $($after),*] = columns else {
                    return None;
                };
                Some(Line { $($before,)* amounts, $($after),* })
            }
        }
    };
}

columns! {
    key source answer transaction_set patient segment offset
    interchange_control_number group_control_number transaction_control_number
    trace traces
    date_of_service response_date
    coverage coverage_reason pending rejected
    request_status_code request_status eligibility_response eligibility_text

    patient_last_name patient_first_name patient_middle_name patient_suffix patient_birth_date patient_gender
    patient_identifier_qualifier patient_identifier patient_member_id patient_address
    is_dependent relationship_code relationship identity_changed
    subscriber_last_name subscriber_first_name subscriber_middle_name subscriber_suffix subscriber_birth_date
    subscriber_gender subscriber_identifier_qualifier subscriber_identifier subscriber_member_id subscriber_address
    account_number

    status_code status coverage_start coverage_end group_number plan_number
    plan_type_code plan_type plan_description coverage_level_code coverage_level benefit_type_code benefit_type
    plans,

    amounts: [
        out_of_pocket_individual_in_network_total out_of_pocket_individual_in_network_remaining
        out_of_pocket_family_in_network_total out_of_pocket_family_in_network_remaining
        out_of_pocket_individual_out_of_network_total out_of_pocket_individual_out_of_network_remaining
        out_of_pocket_family_out_of_network_total out_of_pocket_family_out_of_network_remaining
        deductible_individual_in_network_total deductible_individual_in_network_remaining
        deductible_family_in_network_total deductible_family_in_network_remaining
        deductible_individual_out_of_network_total deductible_individual_out_of_network_remaining
        deductible_family_out_of_network_total deductible_family_out_of_network_remaining
        coinsurance_in_network coinsurance_out_of_network copay_office_visit copay_specialist
    ],

    payer_name payer_identifier_qualifier payer_identifier payer_phone payer_fax payer_website payer_address
    third_party_administrator
    provider_name provider_first_name provider_identifier_qualifier provider_identifier
    second_payer_name second_payer_identifier
    alternate_payer_name alternate_payer_identifier alternate_payer_entity alternate_payer_category
    alternate_payer_type_code alternate_payer_type alternate_payer_address alternate_payer_phone
    primary_care_facility primary_care_last_name primary_care_first_name primary_care_npi
    primary_care_address primary_care_phone primary_care_fax

    raw_values
}
