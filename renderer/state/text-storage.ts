/** Keeps texts by name: the browser's `sessionStorage` (this tab) or `localStorage` (this browser). */
export interface TextStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}
