//! How long files and functions are.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, ImplItemFn, ItemFn, Signature, TraitItemFn};

use super::{FILE_LINES, FUNCTION_LINES};

/// Files and functions that are too long.
pub fn sizes(file: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let lines = text.lines().count();
    if lines > FILE_LINES {
        wrong.push(format!("{file} has {lines} lines; the limit is {FILE_LINES}: split it by what belongs together"));
    }
    match syn::parse_file(text) {
        Ok(tree) => {
            let mut functions = Functions { file, wrong };
            functions.visit_file(&tree);
            functions.wrong
        }
        Err(error) => vec![format!("{file}:{}: {error}", error.span().start().line)],
    }
}

struct Functions<'a> {
    file: &'a str,
    wrong: Vec<String>,
}

impl Functions<'_> {
    /// Counts from the signature to the closing brace.
    fn check(&mut self, signature: &Signature, body: &Block) {
        let line = |span: Span| span.start().line;
        let (first, last) = (line(signature.span()), line(body.brace_token.span.close()));
        let lines = last + 1 - first;
        if lines > FUNCTION_LINES {
            let (file, name) = (self.file, &signature.ident);
            let advice = "give its steps names and functions of their own";
            self.wrong
                .push(format!("{file}:{first}: fn {name} has {lines} lines; the limit is {FUNCTION_LINES}: {advice}"));
        }
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.check(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.check(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(body) = &function.default {
            self.check(&function.sig, body);
        }
        visit::visit_trait_item_fn(self, function);
    }
}
