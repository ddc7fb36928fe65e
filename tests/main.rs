//! The proof: one binary, a file a noun, actors as clients through `POST /graphql`.

mod support;

mod architecture;
mod config;
mod directory_document;
mod graphiql;
mod group;
mod guard;
mod http;
