//! The real data set and the demonstration's fictional holders, as they are in `data/`.

/// The real data: file name and text, in the order in which they are read.
pub const DIRECTORY: [(&str, &str); 7] = [
    ("data/organisations.toml", include_str!("../data/organisations.toml")),
    ("data/people.toml", include_str!("../data/people.toml")),
    ("data/groups.toml", include_str!("../data/groups.toml")),
    ("data/agreements.toml", include_str!("../data/agreements.toml")),
    ("data/projects.toml", include_str!("../data/projects.toml")),
    ("data/account.toml", include_str!("../data/account.toml")),
    ("data/events.toml", include_str!("../data/events.toml")),
];

/// The real data and the fictional holders, marked as such.
pub const FILES: &[(&str, &str)] = &[
    DIRECTORY[0],
    DIRECTORY[1],
    DIRECTORY[2],
    DIRECTORY[3],
    DIRECTORY[4],
    DIRECTORY[5],
    DIRECTORY[6],
    ("data/demo/demo.toml", include_str!("../data/demo/demo.toml")),
];
