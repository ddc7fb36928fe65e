//! The proof: one binary, a file a noun, actors as clients through `POST /graphql`.

mod support;

mod architecture;
mod audience;
mod config;
mod contact_point;
mod depth;
mod directory_document;
mod figure;
mod graphiql;
mod group;
mod guard;
mod http;
mod load;
mod meeting;
mod membership;
mod migration;
mod node;
mod organisation;
mod paging;
mod person;
mod position;
mod readme;
mod schedule;
mod schema;
mod search;
mod seat;
mod source;
mod statements;
mod substitution;
mod tenure;
