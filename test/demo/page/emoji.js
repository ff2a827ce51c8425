// The emoji short codes that chat-ops bots use. An unknown code stays as it was typed, as in Slack.

/** @type {Record<string, string>} */
const EMOJI = {
  '+1': '👍', '-1': '👎', thumbsup: '👍', thumbsdown: '👎', wave: '👋', eyes: '👀', clap: '👏', pray: '🙏', point_right: '👉', raised_hand: '✋', tada: '🎉',
  white_check_mark: '✅', heavy_check_mark: '✔️', ballot_box_with_check: '☑️', x: '❌', negative_squared_cross_mark: '❎', no_entry: '⛔', no_entry_sign: '🚫',
  octagonal_sign: '🛑', warning: '⚠️', exclamation: '❗', question: '❓', rotating_light: '🚨', information_source: 'ℹ️', bulb: '💡', construction: '🚧',
  red_circle: '🔴', large_orange_circle: '🟠', large_yellow_circle: '🟡', large_green_circle: '🟢', large_blue_circle: '🔵', large_purple_circle: '🟣',
  large_brown_circle: '🟤', white_circle: '⚪', black_circle: '⚫', large_red_square: '🟥', large_green_square: '🟩', large_yellow_square: '🟨', white_square: '◻️',
  hourglass: '⌛', hourglass_flowing_sand: '⏳', stopwatch: '⏱️', timer_clock: '⏲️', alarm_clock: '⏰', clock1: '🕐', clock3: '🕒', calendar: '📆', date: '📅', zzz: '💤',
  arrow_right: '➡️', arrow_left: '⬅️', arrow_up: '⬆️', arrow_down: '⬇️', arrow_up_down: '↕️', leftwards_arrow_with_hook: '↩️', arrow_right_hook: '↪️',
  arrows_counterclockwise: '🔄', repeat: '🔁', recycle: '♻️', arrow_forward: '▶️', double_vertical_bar: '⏸️', pause_button: '⏸️', black_square_for_stop: '⏹️', stop_button: '⏹️',
  rewind: '⏪', fast_forward: '⏩', heavy_plus_sign: '➕', heavy_minus_sign: '➖', small_blue_diamond: '🔹', small_orange_diamond: '🔸',
  lock: '🔒', unlock: '🔓', key: '🔑', closed_lock_with_key: '🔐', shield: '🛡️', bust_in_silhouette: '👤', busts_in_silhouette: '👥', identification_card: '🪪',
  cloud: '☁️', computer: '💻', desktop_computer: '🖥️', floppy_disk: '💾', minidisc: '💽', cd: '💿', package: '📦', gear: '⚙️', wrench: '🔧', hammer_and_wrench: '🛠️',
  electric_plug: '🔌', battery: '🔋', globe_with_meridians: '🌐', satellite: '🛰️', robot_face: '🤖', rocket: '🚀', fire: '🔥', boom: '💥', snowflake: '❄️', ice_cube: '🧊',
  mag: '🔍', bell: '🔔', no_bell: '🔕', speech_balloon: '💬', memo: '📝', pencil2: '✏️', clipboard: '📋', bookmark: '🔖', link: '🔗', pushpin: '📌', label: '🏷️',
  bar_chart: '📊', chart_with_upwards_trend: '📈', chart_with_downwards_trend: '📉', scroll: '📜', page_facing_up: '📄', file_folder: '📁', mailbox: '📫', house: '🏠',
  smile: '😄', slightly_smiling_face: '🙂', thinking_face: '🤔', sweat_smile: '😅', sob: '😭', heart: '❤️', star: '⭐', sparkles: '✨', airplane: '✈️', moneybag: '💰',
};

/** The character of a short code (without colons), or null. @param {string} name @returns {string | null} */
export function emojiFor(name) {
  return Object.hasOwn(EMOJI, name) ? (EMOJI[name] ?? null) : null;
}

/** Replaces the known `:codes:` in plain text. @param {string} text */
export function withEmoji(text) {
  return text.replaceAll(/:([a-z0-9_+'-]+):/g, (whole, name) => emojiFor(name) ?? whole);
}
