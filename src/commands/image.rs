//! Images of containers.

use super::target::{able, change};
use super::{Command, Need, On, Subject};
use crate::cluster::actions::SetImage;
use crate::kinds::Can;
use crate::model::Notice;
use crate::model::packed::View;
use crate::text::safe;

pub const SET_IMAGE: Command = Command {
    name: "set-image",
    aliases: &["image"],
    arguments: "[CONTAINER=IMAGE…]",
    help: "set the images of containers; * is every container",
    changes: true,
    needs: &[Need::to("patch")],
    on: On::Object,
    when: |s| able(s, Can::TEMPLATE, "no containers whose image can be set"),
    run: |cx, text| {
        if text.is_empty() {
            let now = images(&cx.subject());
            cx.stack.ask("images (container=image)", "set-image", &now);
            return Ok(());
        }
        change(cx, parse(text)?)
    },
    ..Command::BLANK
};

/// Reads `container=image` words.
///
/// # Errors
/// When a word is none.
fn parse(text: &str) -> Result<SetImage, Notice> {
    let pair = |word: &str| {
        let pair = word.split_once('=').filter(|(name, image)| !name.is_empty() && !image.is_empty());
        pair.map(|(name, image)| (name.to_owned(), image.to_owned()))
            .ok_or_else(|| Notice::error(format!("\"{}\" is not CONTAINER=IMAGE", safe(word)), "* is every container"))
    };
    Ok(SetImage { images: text.split_whitespace().map(pair).collect::<Result<_, _>>()? })
}

/// The images that the row under the cursor shows in its wide columns, to begin with.
fn images(s: &Subject<'_>) -> String {
    let text = |name: &str| {
        let list = s.stack.list()?;
        let column = list.headings().iter().position(|heading| heading.name == name)?;
        match list.selected(s.model)?.view(column) {
            View::Text(text) => Some(text.to_string()),
            _ => None,
        }
    };
    let (names, images) = (text("CONTAINERS").unwrap_or_default(), text("IMAGES").unwrap_or_default());
    let pairs = names.split(',').zip(images.split(',')).filter(|(name, _)| !name.is_empty());
    pairs.map(|(name, image)| format!("{name}={image}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_containers_and_images() {
        assert_eq!(parse("web=nginx:2 *=x").unwrap().images.len(), 2);
        assert!(parse("web").is_err() && parse("=x").is_err() && parse("web=").is_err());
    }
}
