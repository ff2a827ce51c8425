// The rich_text block: what may stand inside sections, lists, quotes and preformatted parts.
import { anything, byType, flag, integer, lazy, link, list, oneOf, shape, text, type Check } from './check.ts';
import { identifier } from './objects.ts';

const style = shape(
  {},
  {
    bold: flag,
    italic: flag,
    strike: flag,
    code: flag,
    underline: flag,
    highlight: flag,
    client_highlight: flag,
    unlink: flag,
  },
);

function leaf(required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  return shape({ type: anything, ...required }, { ...optional, style });
}

const leaves = {
  text: leaf({ text: text({ max: 12_000, min: 0 }) }),
  link: leaf({ url: link(3000) }, { text: text({ max: 12_000 }), unsafe: flag }),
  emoji: leaf({ name: text({ max: 255 }) }, { unicode: text({ max: 255 }), url: link(3000) }),
  user: leaf({ user_id: text({ max: 255 }) }),
  usergroup: leaf({ usergroup_id: text({ max: 255 }) }),
  channel: leaf({ channel_id: text({ max: 255 }) }),
  team: leaf({ team_id: text({ max: 255 }) }),
  broadcast: leaf({ range: oneOf('here', 'channel', 'everyone') }),
  color: leaf({ value: text({ max: 7, pattern: /^#[0-9a-fA-F]{6}$/ }) }),
  date: leaf(
    { timestamp: integer(0, 9_999_999_999), format: text({ max: 255 }) },
    { url: link(3000), fallback: text({ max: 255 }) },
  ),
};

const MANY = { min: 0, max: 10_000 };
const inline = list(byType(leaves), MANY);
const border = oneOf(0, 1);

const section = shape({ type: oneOf('rich_text_section'), elements: inline });
const parts: Record<string, Check> = {
  rich_text_section: section,
  rich_text_list: shape(
    {
      type: oneOf('rich_text_list'),
      style: oneOf('bullet', 'ordered'),
      elements: list(byType({ rich_text_section: section }), MANY),
    },
    { indent: integer(0, 8), offset: integer(0, 10_000), border },
  ),
  rich_text_quote: shape({ type: oneOf('rich_text_quote'), elements: inline }, { border }),
  rich_text_preformatted: shape(
    {
      type: oneOf('rich_text_preformatted'),
      elements: list(byType({ text: leaves.text, link: leaves.link }), MANY),
    },
    { border, language: text({ max: 255 }) },
  ),
};

export const richText: Check = shape(
  { type: oneOf('rich_text'), elements: list(byType(parts), { min: 1, max: 1000 }) },
  { block_id: identifier },
);

/** For blocks defined before this one. */
export const richTextBlock: Check = byType({ rich_text: lazy(() => richText) });
