//! Mutations of projects.

use super::payload::{mutations, payloads};
use crate::domain::project::{self, CreateProjectInput, UpdateProjectInput};
use crate::graphql::project::Project;

payloads! {
    /// What came of `createProject`.
    CreateProjectPayload {
        /// The new project.
        project: Project by project::by_ids;
    }
    /// What came of `updateProject`.
    UpdateProjectPayload (plan) {
        /// The project as it is now.
        project: Project by project::by_ids;
    }
}

mutations! {
    ProjectMutations {
        /// Enters a project. Representatives of its owner.
        create_project(CreateProjectInput) -> CreateProjectPayload;
        /// Changes a project, its partners, its municipalities and its indicators. Representatives of its owner.
        update_project(UpdateProjectInput) -> UpdateProjectPayload;
    }
}
