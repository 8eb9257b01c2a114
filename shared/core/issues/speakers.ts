/** Who speaks in a turn, whatever a form calls it. */
export type Speaker = 'user' | 'model' | 'system';

/** The words that people have for each, in lower case. */
const SPEAKERS: Readonly<Record<string, Speaker>> = {
  ...all(
    'user',
    'user human prompter customer client person caller visitor student patient guest requester end-user end_user enduser consumer',
  ),
  ...all('user', 'q question questioner asker instructor usuario cliente utilisateur usager utente'),
  ...all('user', 'nutzer benutzer kunde gebruiker użytkownik пользователь 用户 用戶 人类 ユーザー 사용자'),
  ...all('model', 'assistant model bot gpt ai chatgpt chatbot agent llm support gemini claude bard bing'),
  ...all(
    'model',
    'operator representative rep admin copilot llama mistral qwen deepseek gpt-3.5 gpt-3.5-turbo gpt-4 gpt-4o palm palm2',
  ),
  ...all('model', 'a answer answerer response assitant asistant assisstant assistent asistente assistente'),
  ...all('model', 'ассистент 助手 助理 アシスタント 어시스턴트'),
  ...all('system', 'system developer instruction sys système sistema 系统 系統 システム 시스템'),
};

function all(speaker: Speaker, words: string): Record<string, Speaker> {
  return Object.fromEntries(words.split(' ').map((word) => [word, speaker]));
}

export interface SpeakerFound {
  /** What stands there, where it is a known word: another one may be somebody's name, and is not shown. */
  found?: string;
  /** The word for the same in the form. */
  write?: string;
  /** Whether nothing stands there. */
  isMissing?: boolean;
}

/** What is said of a word that the form does not have for who speaks. `words` are those that it has. */
export function speakerFound(value: unknown, words: Partial<Record<Speaker, string>>): SpeakerFound {
  if (value === undefined || value === null || value === '') return { isMissing: true };
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (typeof value !== 'string' || !Object.hasOwn(SPEAKERS, word)) return {};
  const speaker = SPEAKERS[word];
  const write = speaker && words[speaker];
  return write === undefined ? { found: value } : { found: value, write };
}
