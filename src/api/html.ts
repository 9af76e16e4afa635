/** Escapes text for HTML content and quoted attributes. Printer strings are hostile until they went through here. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
