//! The verbs and the finders: one file a noun. Every rule of the directory is here, in `policy` or in the database, once.

pub mod cells;
pub mod filter;
mod input;
mod narrow;
pub mod page;
pub mod selection;
pub mod view;

pub mod account;
pub mod activity;
pub mod agreement;
pub mod budget;
pub mod calendar;
pub mod card;
pub mod change;
pub mod contact_point;
pub mod event;
pub mod figure;
pub mod follow_up_item;
pub mod grant;
pub mod group;
pub mod identity;
pub mod invitation;
pub mod meeting;
pub mod meeting_invitation;
pub mod membership;
pub mod organisation;
pub mod owner;
pub mod person;
pub mod position;
pub mod priority;
pub mod project;
pub mod reference;
pub mod result;
pub mod schedule;
pub mod search;
pub mod seat;
pub mod source;
pub mod substitution;
pub mod tenure;

pub mod generate;
pub mod load;
pub mod write;
