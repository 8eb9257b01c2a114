/** Texts in Japanese and Chinese that are the same on every machine: sentences put together from words. */

/** A sequence of numbers from 0 up to a bound, the same for the same seed. */
function createPick(seed: number) {
  let state = seed;
  return <Item>(items: readonly Item[]): Item => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return items[Math.floor((state / 0x1_0000_0000) * items.length)] as Item;
  };
}

interface Language {
  locale: string;
  nouns: readonly string[];
  verbs: readonly string[];
  qualities: readonly string[];
  sentence: (words: {
    place: string;
    who: string;
    noun: string;
    other: string;
    verb: string;
    quality: string;
  }) => string;
}

const JAPANESE: Language = {
  locale: 'ja',
  nouns:
    '報告書 契約 請求書 予約 在庫 設計図 顧客 会議 資料 翻訳 研究 実験 診断 薬 手術 検査 画像 学習 モデル データ 画面 通知 設定 料金 配送 商品 住所 電話番号 パスワード 写真 地図 天気 台風 桜 お弁当 ラーメン 味噌汁 温泉 新幹線 切符'.split(
      ' ',
    ),
  verbs:
    '確認しました 送りました 作り直しています 探しています お願いしたいです 忘れてしまいました 説明してください 変更できますか 受け取っていません 直す必要があります 楽しみにしています 調べたところ見つかりませんでした'.split(
      ' ',
    ),
  qualities:
    '新しい 古い とても難しい 間違った 丁寧な 詳しい 急ぎの 大切な 静かな 予想外の 3年前の 未払いの'.split(
      ' ',
    ),
  sentence: ({ place, who, noun, other, verb, quality }) =>
    `${place}から来た${who}さんは、${quality}${noun}と${other}について${verb}。`,
};

const CHINESE: Language = {
  locale: 'zh',
  nouns:
    '报告 合同 发票 预约 库存 图纸 客户 会议 资料 翻译 研究 实验 诊断 药品 手术 检查 图像 学习 模型 数据 屏幕 通知 设置 费用 快递 商品 地址 电话号码 密码 照片 地图 天气 台风 樱花 盒饭 面条 豆浆 温泉 高铁 车票'.split(
      ' ',
    ),
  verbs:
    '已经确认了 刚刚发送出去 正在重新制作 还没有找到 想请您帮忙处理 不小心忘记了 请详细说明一下 可以修改吗 一直没有收到 需要尽快修复 非常期待 查了很久也没有结果'.split(
      ' ',
    ),
  qualities:
    '新的 旧的 非常困难的 错误的 礼貌的 详细的 紧急的 重要的 安静的 意料之外的 三年前的 未付款的'.split(' '),
  sentence: ({ place, who, noun, other, verb, quality }) =>
    `来自${place}的${who}对${quality}${noun}和${other}${verb}。`,
};

/** Regions whose names Node's own tables have in every language. */
const REGIONS_NAMED =
  'JP CN US GB DE FR IT ES PT BR AR MX CA AU NZ IN ID TH VN PH KR TW SG MY TR EG ZA KE NG MA SE NO FI DK PL CZ HU RO GR'.split(
    ' ',
  );
const LANGUAGES_NAMED =
  'ja zh en de fr it es pt id th vi ko tr ar sw sv no fi da pl cs hu ro el hi bn ta ur fa he'.split(' ');

/** So many texts of one to four sentences. */
function textsIn({ locale, nouns, verbs, qualities, sentence }: Language, count: number): string[] {
  const pick = createPick(7);
  const regions = new Intl.DisplayNames([locale], { type: 'region' });
  const languages = new Intl.DisplayNames([locale], { type: 'language' });
  const one = () =>
    sentence({
      place: regions.of(pick(REGIONS_NAMED)) ?? '',
      who: languages.of(pick(LANGUAGES_NAMED)) ?? '',
      noun: pick(nouns),
      other: pick(nouns),
      verb: pick(verbs),
      quality: pick(qualities),
    });
  return Array.from({ length: count }, () => Array.from({ length: pick([1, 2, 3, 4]) }, one).join(''));
}

export const japaneseTexts = (count: number) => textsIn(JAPANESE, count);
export const chineseTexts = (count: number) => textsIn(CHINESE, count);

/** What no person writes and data sets hold all the same: numbers, symbols, markup, base64, emoji, long runs. */
export function unusualTexts(count: number): string[] {
  const pick = createPick(11);
  const digits = () =>
    Array.from({ length: pick([3, 9, 20, 60]) }, () => pick('0123456789ABCDEFabcdef+/='.split(''))).join('');
  const shapes = [
    () => `<div class="${digits()}"><b>${digits()}</b><br/></div>`,
    () => `{"id": ${digits()},\t"tags": ["${digits()}"]}`,
    () => `${' '.repeat(pick([2, 7, 33, 64]))}return x${digits()} >>> ${digits()};\n\n\n`,
    () => `🙂🧑‍🚀🏳️‍🌈 ${digits()} ｶﾀｶﾅ ﷺ Ω≈ç√ ½ ${digits()}`,
    () => `${'-'.repeat(pick([4, 40, 160]))}\n| ${digits()} | ${digits()} |`,
    () => `สวัสดีครับ ${digits()} नमस्ते שלום مرحبا ${digits()} привет`,
  ];
  return Array.from({ length: count }, () => pick(shapes)());
}

/** What tokenizers count least alike: numbers of one length or another, separators, tables. */
export function numberTexts(): Record<string, string[]> {
  const pick = createPick(13);
  const digits = (length: number) => Array.from({ length }, () => pick('0123456789'.split(''))).join('');
  const hex = () => Array.from({ length: 64 }, () => pick('0123456789abcdef'.split(''))).join('');
  const rows = (make: () => string) => Array.from({ length: 40 }, make);
  const many = (make: () => string, separator: string) => Array.from({ length: 20 }, make).join(separator);
  return {
    'long numbers': rows(() => digits(100)),
    'six digits, with commas': rows(() => many(() => digits(6), ',')),
    prices: rows(() => many(() => `${digits(3)}.${digits(2)}`, ' ')),
    'single digits': rows(() => many(() => digits(1), ' ')),
    hexadecimal: rows(hex),
    separators: rows(() => `${pick(['-', '=', '#', '*', '/', '_']).repeat(80)}\n`),
    'table of signs': rows(() => '|---|---|---|\n| 1 | - | + |\n'),
    emoji: rows(() => many(() => pick(['🙂', '🎉', '🔥', '👍🏽', '✅', '❤️', '🧑‍🚀', '🏳️‍🌈']), ' ')),
  };
}
