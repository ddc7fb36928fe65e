//! Samverkan: the directory of how organisations work together. The modules in reading order, from the doors down.

pub mod app;
pub mod auth;
pub mod config;
pub mod db;
pub mod demo;
pub mod domain;
pub mod error;
pub mod graphql;
pub mod http;
pub mod interchange;
pub mod mail;
pub mod policy;
