use std::collections::HashSet;

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
