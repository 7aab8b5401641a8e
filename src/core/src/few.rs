//! A list that is mostly empty or holds one item, and then takes no memory of its own.

use std::ops::Deref;

#[derive(Clone, Debug, Default)]
pub enum Few<T> {
    #[default]
    None,
    One(T),
    More(Vec<T>),
}

impl<T> Few<T> {
    #[inline]
    pub fn is_empty(&self) -> bool {
        matches!(self, Few::None)
    }

    #[inline]
    pub fn push(&mut self, item: T) {
        match self {
            Few::None => *self = Few::One(item),
            Few::More(items) => items.push(item),
            Few::One(_) => {
                if let Few::One(first) = std::mem::take(self) {
                    *self = Few::More(vec![first, item]);
                }
            }
        }
    }
}

impl<T> Few<T> {
    /// `is_empty`, in one instruction.
    #[inline]
    pub fn is_none(&self) -> bool {
        matches!(self, Few::None)
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match self {
            Few::None => &[],
            Few::One(item) => std::slice::from_ref(item),
            Few::More(items) => items,
        }
    }
}

impl<'f, T> IntoIterator for &'f Few<T> {
    type Item = &'f T;
    type IntoIter = std::slice::Iter<'f, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_in_the_order_in_which_they_were_put_in() {
        let mut few = Few::default();
        assert!(few.is_empty() && few.is_none());
        for count in 1..5 {
            few.push(count);
            assert_eq!(*few, *(1..=count).collect::<Vec<_>>());
        }
        assert_eq!(few.into_iter().sum::<i32>(), 10);
    }
}
