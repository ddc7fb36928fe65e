//! Figures as the schema shows them.

use async_graphql::{Description, Object};
use entity::values::{Exactness, GlobalId, Measure, SubjectKind};

use super::period::Period;
use super::row::Row;
use super::source::Source;
use crate::domain::figure;
use crate::error::Error;

/// Uppgift: a number that a source states. It is never counted together with recorded rows.
#[derive(Description)]
pub struct Figure(pub Row<figure::Row>);

impl From<Row<figure::Row>> for Figure {
    fn from(row: Row<figure::Row>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Figure {
    /// The figure's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Figure)
    }

    /// What it counts.
    async fn measure(&self) -> Measure {
        self.0.measure
    }

    /// The number.
    async fn value(&self) -> Result<i32, Error> {
        i32::try_from(self.0.value).map_err(|_| Error::Internal("a figure beyond 32 bits".to_owned()))
    }

    /// The upper end, where the source states a range from `value` on.
    async fn value_to(&self) -> Result<Option<i32>, Error> {
        let wide = |_| Error::Internal("a figure beyond 32 bits".to_owned());
        self.0.value_to.map(i32::try_from).transpose().map_err(wide)
    }

    /// What the number is of, where the measure does not say it.
    async fn unit(&self) -> Option<&str> {
        self.0.unit.as_deref()
    }

    /// How exactly the source states it.
    async fn exactness(&self) -> Exactness {
        self.0.exactness
    }

    /// What it is about in time.
    async fn period(&self) -> Period {
        Period::new(self.0.period, self.0.view().on())
    }

    /// What a reader must know about it.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Counts the changes of the figure, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Where this was taken from.
    async fn sources(&self) -> Result<Vec<Source>, Error> {
        super::source::sources(&self.0).await
    }
}
