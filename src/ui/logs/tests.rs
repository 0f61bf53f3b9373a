//! Lines that want to harm a terminal or whoever draws them, on the screen.

use super::{LogScreen, Searched};
use crate::config::Theme;
use crate::kinds::Time;
use crate::kinds::logs::{LogBatch, LogSource, MAX_LINE, SourceId};
use crate::model::{LogKey, LogPage, Model};
use crate::ui::{Canvas, Motion};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

fn key() -> LogKey {
    LogKey { context: "c".into(), namespace: "n".into(), of: "pod n/p".into(), ..LogKey::default() }
}

fn model(lines: &[&[u8]]) -> Model {
    let mut page = LogPage::new(0);
    let mut batch = LogBatch::new(SourceId(0));
    for line in lines {
        batch.push(None, line);
    }
    page.buffer.push(&batch);
    let mut model = Model::default();
    model.logs.insert(key(), page);
    model
}

fn draw(screen: &mut LogScreen, model: &Model, (width, height): (u16, u16)) -> Vec<String> {
    let (theme, area) = (Theme::default(), Rect::new(0, 0, width, height));
    let mut buffer = Buffer::empty(area);
    screen.refresh(model);
    screen.draw(&mut Canvas::new(&mut buffer, &theme, Time(0)), area, model);
    let line = |y| (0..width).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (0..height).map(line).collect()
}

#[test]
fn lines_of_any_bytes_are_visible_and_harmless() {
    let marks = "e".to_owned() + &"\u{301}".repeat(100_000);
    let lines: [&[u8]; 5] = [
        b"a\x1b]52;c;aGk=\x07b",
        b"\x1b[31mred\x1b[0m\x1b[2J",
        b"nul\0 c1 \xc2\x9b bad \xff",
        marks.as_bytes(),
        b"end",
    ];
    let model = model(&lines);
    let mut screen = LogScreen::new(key());
    for wrap in [false, true] {
        screen.look.wrap = wrap;
        let shown = draw(&mut screen, &model, (40, 5));
        assert!(shown.iter().all(|line| !line.chars().any(char::is_control) && line.len() < 400), "{shown:?}");
        if !wrap {
            assert_eq!(shown[0].trim_end(), "a^[]52;c;aGk=\u{fffd}b");
            assert_eq!(shown[1].trim_end(), "red^[[2J");
        }
    }
}

#[test]
fn a_huge_line_costs_what_the_screen_shows_of_it() {
    let huge = vec![b'x'; 3 * MAX_LINE];
    let model = model(&[b"before", &huge, b"after"]);
    let mut screen = LogScreen::new(key());
    let began = std::time::Instant::now();
    let shown = draw(&mut screen, &model, (40, 5));
    assert_eq!((shown[0].trim_end(), shown[4].trim_end()), ("before", "after"));
    assert!(shown[2].starts_with("… xx"), "{shown:?}");
    for _ in 0..100 {
        screen.look.wrap = !screen.look.wrap;
        draw(&mut screen, &model, (40, 5));
    }
    // Whole, it takes some minutes.
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    screen.look.wrap = true;
    screen.step(Motion::Up(1), &model);
    let shown = draw(&mut screen, &model, (40, 5)).concat();
    assert!(shown.contains("more bytes"), "{shown}");
}

#[test]
fn one_that_reads_keeps_the_place_when_lines_move() {
    let mut model = model(&[]);
    let page = model.logs.get_mut(&key()).unwrap();
    let push = |page: &mut LogPage, source: u16, times: &[i64]| {
        page.buffer.name_source(SourceId(source), LogSource::default());
        let mut batch = LogBatch::new(SourceId(source));
        for time in times {
            batch.push(Some(*time), format!("{source} at {time}").as_bytes());
        }
        page.buffer.push(&batch);
    };
    push(page, 1, &[10, 20, 30, 40, 50]);
    let mut screen = LogScreen::new(key());
    screen.look.sources = false;
    draw(&mut screen, &model, (20, 2));
    screen.step(Motion::Up(2), &model);
    screen.toggle_selection(&model);
    assert_eq!(draw(&mut screen, &model, (20, 2))[1].trim_end(), "1 at 30");
    push(model.logs.get_mut(&key()).unwrap(), 2, &[5, 15, 25, 45]);
    assert_eq!(draw(&mut screen, &model, (20, 2))[1].trim_end(), "1 at 30");
    assert_eq!(screen.take_text(&model), "1 at 30\n");
    assert!(screen.search_for("2 at 15", &model));
    assert_eq!(screen.take_text(&model), "2 at 15\n");
}

#[test]
fn lines_of_several_sources_are_saved_with_kubectls_prefix() {
    let mut model = model(&[&vec![b'x'; MAX_LINE + 2], b"\xff\x1b[1m"]);
    let page = model.logs.get_mut(&key()).unwrap();
    let source = |pod: &str| LogSource { namespace: "n".into(), pod: pod.into(), container: "c".into() };
    page.buffer.name_source(SourceId(0), source("p"));
    page.buffer.mark(SourceId(0), None, "restarted");
    let taken = LogScreen::new(key()).raw(&model);
    assert_eq!((taken.lines, taken.bytes.len()), (2, MAX_LINE + 2 + 1 + 5 + 1));
    assert!(taken.bytes.ends_with(b"xx\n\xff\x1b[1m\n"));
    model.logs.get_mut(&key()).unwrap().buffer.name_source(SourceId(1), source("q"));
    let taken = LogScreen::new(key()).raw(&model);
    assert!(taken.bytes.starts_with(b"[pod/p/c] xxx") && taken.bytes.ends_with(b"\n[pod/p/c] \xff\x1b[1m\n"));
}

#[test]
fn one_that_reads_keeps_the_place_while_a_filter_comes_to_old_lines() {
    let lines: Vec<String> = (0..200_000).map(|at| format!("line {at}")).collect();
    let model = model(&lines.iter().map(String::as_bytes).collect::<Vec<_>>());
    let mut screen = LogScreen::new(key());
    draw(&mut screen, &model, (40, 5));
    screen.step(Motion::Top(Some(20_000)), &model);
    let place = screen.bottom;
    assert!(!screen.follow && place < 120_000, "{place} is among the youngest lines");
    let near = format!("line {}", place / 1_000);
    screen.set_filter(&near);
    while screen.is_behind(&model) {
        screen.refresh(&model);
    }
    screen.refresh(&model);
    assert!(screen.bottom.abs_diff(place) < 1_000, "{} is far from {place}", screen.bottom);
    // Moving looks at all lines first.
    screen.set_filter(&near);
    screen.refresh(&model);
    screen.step(Motion::Up(1), &model);
    assert!(screen.bottom.abs_diff(place) < 1_000, "{} is far from {place}", screen.bottom);
}
