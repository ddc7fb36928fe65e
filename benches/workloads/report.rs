//! The figures as Markdown.

use std::fmt::Write;

use crate::database::Kind;
use crate::measure::{Measured, Pair};

/// One table for one database of one size.
pub fn table(measured: &Measured) -> String {
    let mut text = format!("\n### {:?}, {}\n\n", measured.size, measured.kind.title());
    text.push_str(
        "| workload | 32 clients: server/s | floor/s | ratio | p50 ms | p99 ms | 1 client: server/s | floor/s | ratio | p50 ms | p99 ms | statements | guard and budget µs | of throughput |\n\
         | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n",
    );
    for row in &measured.workloads {
        let [many, one] = row.loads.each_ref().map(cells);
        let statements = match row.statements {
            (fewest, most) if fewest == most => most.to_string(),
            (fewest, most) => format!("{fewest}–{most}"),
        };
        let toll = row.toll.map_or("| ".to_owned(), |micros| {
            // The server's core is busy all the time then.
            let share = micros * row.loads[0].server.per_second / 1e4;
            format!("{micros:.1} | {share:.1} %")
        });
        let _ = writeln!(text, "| {} | {many} | {one} | {statements} | {toll} |", row.workload.title());
    }
    let memory = &measured.memory;
    let _ = write!(
        text,
        "\nResident memory: idle {:.1} MB, after reading {:.1} MB (at most {:.1} MB)",
        memory.idle, memory.after, memory.most
    );
    if let Some((after, most)) = memory.writing {
        let _ = write!(text, ", after writing {after:.1} MB (at most {most:.1} MB)");
    }
    let _ = writeln!(text, ". Start to first answer: {:.0} ms.", measured.start);
    text
}

fn cells(pair: &Pair) -> String {
    let (server, floor) = (&pair.server, &pair.floor);
    format!(
        "{:.0} | {:.0} | {:.2} | {:.2} | {:.2}",
        server.per_second,
        floor.per_second,
        pair.ratio(),
        server.p50 / 1000.0,
        server.p99 / 1000.0
    )
}

/// How the ratios change with the size, where two were measured.
pub fn sizes(found: &[Measured]) -> String {
    let mut text = String::new();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let sizes: Vec<&Measured> = found.iter().filter(|measured| measured.kind == kind).collect();
        let [small, large] = sizes.as_slice() else { continue };
        let _ = write!(
            text,
            "\n### {:?}/{:?}, {}: how the ratio to the floor changes\n\n| workload | 32 clients | 1 client |\n| --- | --: | --: |\n",
            large.size,
            small.size,
            kind.title()
        );
        for (small, large) in small.workloads.iter().zip(&large.workloads) {
            let [many, one] = [0, 1].map(|load| large.loads[load].ratio() / small.loads[load].ratio());
            let _ = writeln!(text, "| {} | {many:.2} | {one:.2} |", small.workload.title());
        }
    }
    text
}
