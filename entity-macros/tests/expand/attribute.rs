#[derive(__private::__TemporalEntity)]
#[__temporal_entity(access = "signed-in")]
#[derive(Serialize, Deserialize)]
pub struct Card {
    pub title: String,
}
