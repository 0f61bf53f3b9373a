//! Every cell against kubectl's: of the cast, which has one object of every kind of row, and of pods made at random.

use super::control_plane::{self, Plane};
use super::pods;
use super::table::{Question, Table, compare};
use super::wire::Wire;
use rutter::kinds::{ALL, AnyKind, find};

/// The kinds of which kubectl has a table, too.
fn kinds() -> impl Iterator<Item = &'static dyn AnyKind> {
    ALL.iter().copied().filter(|kind| kind.names().plural != "containers")
}

async fn admin(plane: &Plane) -> Wire {
    Wire(plane.anything("").await)
}

async fn against_the_server(plane: &Plane, question: Question) -> usize {
    let wire = admin(plane).await;
    let reference = async || Some(question.of_server(&wire).await);
    compare(question.about(), async || question.of_rutter(plane), reference)
        .await
        .unwrap_or_else(|told| panic!("{told}"))
        .rows
        .len()
}

async fn every_cell_of_the_cast(wide: bool) {
    let Some(plane) = control_plane::whole() else { return };
    for kind in kinds() {
        let rows = against_the_server(plane, Question { kind, namespace: None, wide }).await;
        // The cast is meant: fewer rows would compare nothing.
        let least = if kind.names().plural == "pods" { 40 } else { 3 };
        assert!(rows >= least, "{}: only {rows} rows", kind.names().plural);
    }
}

#[tokio::test]
async fn every_narrow_cell_of_the_cast_is_the_servers() {
    every_cell_of_the_cast(false).await;
}

#[tokio::test]
async fn every_wide_cell_of_the_cast_is_the_servers() {
    every_cell_of_the_cast(true).await;
}

/// The table without the event whose message holds a tab: kubectl's columns are parted by tabs, so that what follows it
/// stands in the next column.
fn cut(mut table: Table) -> Table {
    table.rows.remove(&("rich".to_owned(), "old".to_owned()));
    table
}

#[tokio::test]
async fn kubectl_prints_the_same_cells() {
    let Some(plane) = control_plane::whole() else { return };
    let wire = admin(plane).await;
    for (kind, wide) in kinds().flat_map(|kind| [(kind, false), (kind, true)]) {
        let question = Question { kind, namespace: None, wide };
        let reference = async || {
            let order = question.of_server(&wire).await.order;
            question.of_kubectl(plane, &order).map(cut)
        };
        compare(question.about(), async || question.of_rutter(plane).map(cut), reference)
            .await
            .unwrap_or_else(|told| panic!("{told}"));
    }
}

#[tokio::test]
async fn every_cell_of_random_pods_is_the_servers() {
    let Some(plane) = control_plane::whole() else { return };
    let wire = Wire(plane.anything("").await);
    let count = pods::create(&wire, "random", 200).await;
    let kind = find("pods").expect("pods");
    for wide in [true, false] {
        let rows = against_the_server(plane, Question { kind, namespace: Some("random"), wide }).await;
        assert_eq!(rows, count);
    }
}
