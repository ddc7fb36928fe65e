use std::collections::{HashMap, HashSet};

/// The records in an order in which each comes after those of them that it names, and those for which there is no such order.
pub fn after<R>(records: Vec<R>, key: impl Fn(&R) -> &str, before: impl Fn(&R) -> Vec<String>) -> (Vec<R>, Vec<R>) {
    let mut waiting: HashSet<String> = records.iter().map(|record| key(record).to_owned()).collect();
    let (mut ordered, mut rest) = (Vec::with_capacity(records.len()), records);
    loop {
        let count = rest.len();
        let mut later = Vec::new();
        for record in rest {
            if before(&record).iter().any(|other| waiting.contains(other)) {
                later.push(record);
            } else {
                waiting.remove(key(&record));
                ordered.push(record);
            }
        }
        if later.len() == count || later.is_empty() {
            return (ordered, later);
        }
        rest = later;
    }
}

/// Those of the records that name themselves, directly or through others; the rest of them only name one that does.
pub fn circular<R>(records: &[R], key: impl Fn(&R) -> &str, before: impl Fn(&R) -> Vec<String>) -> Vec<&R> {
    let named: HashMap<String, Vec<String>> =
        records.iter().map(|record| (key(record).to_owned(), before(record))).collect();
    let reaches_itself = |record: &&R| {
        let (mut seen, mut next) = (HashSet::new(), before(record));
        while let Some(other) = next.pop() {
            if other == key(record) {
                return true;
            }
            if seen.insert(other.clone()) {
                next.extend(named.get(&other).cloned().unwrap_or_default());
            }
        }
        false
    };
    records.iter().filter(reaches_itself).collect()
}
