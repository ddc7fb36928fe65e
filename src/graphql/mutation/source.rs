//! Mutations of figures, and of the documents that sources quote.

use super::payload::{mutations, payloads};
use crate::domain::figure::{self, ChangeFigureInput, RecordFigureInput, RemoveFigureInput};
use crate::domain::source::{self, CreateDocumentInput, UpdateDocumentInput};
use crate::graphql::figure::Figure;
use crate::graphql::source::Document;

payloads! {
    /// What came of `recordFigure`.
    RecordFigurePayload {
        /// The new figure.
        figure: Figure by figure::by_ids;
    }
    /// What came of `changeFigure`.
    ChangeFigurePayload {
        /// The figure as it is now.
        figure: Figure by figure::by_ids;
    }
    /// What came of `removeFigure`.
    RemoveFigurePayload {
        /// None: it was taken away.
        figure: Figure by figure::by_ids;
    }
    /// What came of `createDocument`.
    CreateDocumentPayload {
        /// The new document.
        document: Document by source::documents;
    }
    /// What came of `updateDocument`.
    UpdateDocumentPayload {
        /// The document as it is now.
        document: Document by source::documents;
    }
}

mutations! {
    SourceMutations {
        /// States a number about something. Coordinators of the group, representatives of the organisation whose it is.
        record_figure(RecordFigureInput) -> RecordFigurePayload;
        /// Corrects a number. Coordinators of the group, representatives of the organisation whose it is.
        change_figure(ChangeFigureInput) -> ChangeFigurePayload;
        /// Takes away a number. Coordinators of the group, representatives of the organisation whose it is.
        remove_figure(RemoveFigureInput) -> RemoveFigurePayload;
        /// Enters a document, for sources to quote. Coordinators and representatives.
        create_document(CreateDocumentInput) -> CreateDocumentPayload;
        /// Changes what is known of a document. Administrators.
        update_document(UpdateDocumentInput) -> UpdateDocumentPayload;
    }
}
