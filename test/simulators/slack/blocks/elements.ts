// Interactive elements of Block Kit with their limits, and which may stand where.
import {
  all,
  anything,
  byType,
  failed,
  flag,
  integer,
  link,
  list,
  oneOf,
  rule,
  shape,
  text,
  type Check,
} from './check.ts';
import {
  confirm,
  identifier,
  imageElement,
  initialIsAnOption,
  optionGroups,
  optionsOrGroups,
  overflowOptions,
  plainText,
  richOptions,
  selectOptions,
  singleOption,
} from './objects.ts';
import { richTextBlock } from './rich-text.ts';

type Fields = Record<string, Check>;

const colour = oneOf('primary', 'danger');
const id = text({ max: 255 });
const accessibilityLabel = text({ max: 75 });
const ids = list(id, { min: 0, max: 100 });
const someOptions = list(singleOption, { min: 1, max: 100 });

function element(required: Fields, optional: Fields): Check {
  return shape({ type: anything, ...required }, { action_id: identifier, ...optional });
}

const choosable: Fields = { confirm, focus_on_load: flag };
const menu: Fields = { ...choosable, placeholder: plainText(150) };
const several: Fields = { ...menu, max_selected_items: integer(1, 100) };
const written: Fields = {
  placeholder: plainText(150),
  focus_on_load: flag,
  dispatch_action_config: shape(
    {},
    { trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), { min: 1, max: 2 }) },
  ),
};

const filter = shape(
  {},
  {
    include: list(oneOf('im', 'mpim', 'private', 'public'), { min: 1, max: 4 }),
    exclude_external_shared_channels: flag,
    exclude_bot_users: flag,
  },
);
const conversations: Fields = { default_to_current_conversation: flag, filter };

const minNotAboveMax = rule(({ min_length: min, max_length: max }, pointer, report) => {
  if (typeof min === 'number' && typeof max === 'number' && min > max) {
    report(failed(`${pointer}/min_length`, 'must be at most max_length'));
  }
});

const numeric = text({ max: 255, pattern: /^-?\d+(?:\.\d+)?$/ });

const workflow = shape({
  trigger: shape(
    { url: link(3000) },
    {
      customizable_input_parameters: list(shape({ name: id, value: text({ max: 3000 }) }), { min: 0, max: 100 }),
    },
  ),
});

export const elements = {
  button: element(
    { text: plainText(75) },
    { value: text({ max: 2000 }), url: link(3000), style: colour, confirm, accessibility_label: accessibilityLabel },
  ),
  workflow_button: element(
    { text: plainText(75), workflow },
    { style: colour, confirm, accessibility_label: accessibilityLabel },
  ),
  overflow: element({ options: overflowOptions }, { confirm }),
  checkboxes: all(element({ options: richOptions }, { ...choosable, initial_options: richOptions }), initialIsAnOption),
  radio_buttons: all(element({ options: richOptions }, { ...choosable, initial_option: anything }), initialIsAnOption),
  datepicker: element({}, { ...menu, initial_date: text({ max: 10, pattern: /^\d{4}-\d{2}-\d{2}$/ }) }),
  timepicker: element(
    {},
    { ...menu, initial_time: text({ max: 5, pattern: /^(?:[01]\d|2[0-3]):[0-5]\d$/ }), timezone: id },
  ),
  datetimepicker: element({}, { ...choosable, initial_date_time: integer(1_000_000_000, 9_999_999_999) }),
  static_select: all(
    element({}, { ...menu, options: selectOptions, option_groups: optionGroups, initial_option: singleOption }),
    optionsOrGroups,
    initialIsAnOption,
  ),
  multi_static_select: all(
    element({}, { ...several, options: selectOptions, option_groups: optionGroups, initial_options: someOptions }),
    optionsOrGroups,
    initialIsAnOption,
  ),
  external_select: element({}, { ...menu, initial_option: singleOption, min_query_length: integer(0, 1000) }),
  multi_external_select: element({}, { ...several, initial_options: someOptions, min_query_length: integer(0, 1000) }),
  users_select: element({}, { ...menu, initial_user: id }),
  multi_users_select: element({}, { ...several, initial_users: ids }),
  conversations_select: element(
    {},
    { ...menu, ...conversations, initial_conversation: id, response_url_enabled: flag },
  ),
  multi_conversations_select: element({}, { ...several, ...conversations, initial_conversations: ids }),
  channels_select: element({}, { ...menu, initial_channel: id, response_url_enabled: flag }),
  multi_channels_select: element({}, { ...several, initial_channels: ids }),
  plain_text_input: all(
    element(
      {},
      {
        ...written,
        initial_value: text({ max: 3000, min: 0 }),
        multiline: flag,
        min_length: integer(0, 3000),
        max_length: integer(1, 3000),
      },
    ),
    minNotAboveMax,
  ),
  number_input: element(
    { is_decimal_allowed: flag },
    { ...written, initial_value: numeric, min_value: numeric, max_value: numeric },
  ),
  email_text_input: element({}, { ...written, initial_value: text({ max: 3000 }) }),
  url_text_input: element({}, { ...written, initial_value: link(3000) }),
  rich_text_input: element(
    {},
    { ...written, initial_value: richTextBlock, min_lines: integer(1, 100), max_lines: integer(1, 100) },
  ),
  file_input: element({}, { filetypes: list(text({ max: 50 }), { min: 1, max: 100 }), max_files: integer(1, 10) }),
  image: imageElement,
} satisfies Fields;

type ElementType = keyof typeof elements;

const MENUS = [
  'static_select',
  'multi_static_select',
  'external_select',
  'multi_external_select',
  'users_select',
  'multi_users_select',
  'conversations_select',
  'multi_conversations_select',
  'channels_select',
  'multi_channels_select',
] as const satisfies ElementType[];

function pick(...types: ElementType[]): Check {
  return byType(Object.fromEntries(types.map((type) => [type, elements[type]])));
}

const CHOICES = ['checkboxes', 'radio_buttons', 'datepicker', 'timepicker'] as const satisfies ElementType[];

export const accessory = pick('button', 'workflow_button', 'overflow', 'image', ...CHOICES, ...MENUS);
export const action = pick(
  'button',
  'workflow_button',
  'overflow',
  'datetimepicker',
  'rich_text_input',
  ...CHOICES,
  ...MENUS,
);
export const inputElement = pick(
  'plain_text_input',
  'number_input',
  'email_text_input',
  'url_text_input',
  'rich_text_input',
  'file_input',
  'datetimepicker',
  ...CHOICES,
  ...MENUS,
);

const feedbackButton = shape(
  { text: plainText(75), value: text({ max: 2000 }) },
  { accessibility_label: accessibilityLabel },
);

/** The two elements of `context_actions`. */
export const contextAction = byType({
  feedback_buttons: element({ positive_button: feedbackButton, negative_button: feedbackButton }, {}),
  icon_button: element(
    { icon: oneOf('trash'), text: plainText(75) },
    {
      value: text({ max: 2000 }),
      confirm,
      accessibility_label: accessibilityLabel,
      visible_to_user_ids: list(id, { min: 1, max: 100 }),
    },
  ),
});
