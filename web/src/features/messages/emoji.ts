/** A compact list: enough to react and to soften a sentence. Names are what `:name:` completes. */
export interface Emoji {
  char: string;
  names: string;
}

const LIST =
  '👍 thumbs_up yes +1 agree|👎 thumbs_down no -1|❤️ heart love|✅ check done|🙏 thanks please pray|👀 eyes looking|' +
  '🙂 smile slight|😀 grin happy|😄 laugh smile_big|😅 sweat_smile relief|😂 joy tears|😊 blush warm|😉 wink|😌 relieved calm|' +
  '🤔 thinking hmm|😐 neutral|😕 confused unsure|🙁 frown sad|😟 worried|😢 cry sad_tear|😭 sob|😮 wow surprised|😡 angry|😴 tired sleep|' +
  '🤝 handshake deal together|👏 clap applause|🙌 raised_hands hooray|💪 strong strength|👋 wave hello goodbye|✋ hand stop raised|☝️ point_up one|👉 point_right|👇 point_down|✍️ writing|🤗 hug|🫶 heart_hands|' +
  '🎉 party celebrate tada|🌟 star shining|⭐ star_plain|🔥 fire urgent|💡 idea bulb|📌 pin|📎 paperclip attachment|📝 memo note|📄 document page|📅 calendar date|⏰ alarm clock deadline|⏳ waiting hourglass|📞 phone call|✉️ mail envelope|📣 campaign megaphone|🔍 search magnifier|🔒 locked confidential|🔑 key|🔗 link|📊 chart numbers|📚 books library|🎓 training graduate|' +
  '⚠️ warning attention|❗ exclamation important|❓ question|❌ cross wrong|🚫 forbidden no_entry|🆘 sos help|🟢 green|🟡 yellow amber|🔴 red|⚪ white clear|➡️ right arrow|🔁 repeat again|➕ plus|ℹ️ info|' +
  '👶 baby infant|🧒 child|👧 girl|👦 boy|👪 family|👩‍⚖️ judge|👮 police officer|🧑‍🏫 teacher|🧑‍⚕️ health doctor|🏫 school|🏥 hospital|🏠 home house|🛡️ shield protect egida|⚖️ justice law scales|✈️ plane travel|🚌 bus|🚆 train|🛂 border passport|🌍 europe world|☀️ sun|🌧️ rain|🌱 seedling growth|🌷 tulip flower|☕ coffee break|🍀 luck clover';

export const EMOJI: Emoji[] = LIST.split('|').map((entry) => {
  const space = entry.indexOf(' ');
  return { char: entry.slice(0, space), names: entry.slice(space + 1) };
});

/** Those with a name that begins with the query, then those that contain it. */
export function findEmoji(query: string, limit = 200): Emoji[] {
  const wanted = query.toLowerCase().replace(/^:|:$/g, '');
  if (!wanted) return EMOJI.slice(0, limit);
  const begins = (emoji: Emoji) => emoji.names.split(' ').some((name) => name.startsWith(wanted));
  const found = EMOJI.filter(begins);
  const others = EMOJI.filter((emoji) => !found.includes(emoji) && emoji.names.includes(wanted));
  return [...found, ...others].slice(0, limit);
}
