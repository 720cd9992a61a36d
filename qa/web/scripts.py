"""What the page does in the browser, without the server."""

from __future__ import annotations

import json

from qa.languages import DEFAULT_LANGUAGE, LANGUAGES

# A click on anything that carries data-document opens that document at the cited words; data-card leads from a number to
# its card; data-ask asks a question; data-judge judges an answer; data-remove removes a file, once confirmed.
ON_CLICK = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-document], [data-card], [data-ask], [data-judge], [data-remove]');
  if (!button) return;
  if (button.dataset.remove) {
    if (window.confirm(button.dataset.confirm)) trigger('delete', {name: button.dataset.remove});
    return;
  }
  if (button.dataset.ask) { trigger('submit', {question: button.dataset.ask}); return; }
  if (button.dataset.judge) {
    const said = button.parentElement.querySelector('input');
    trigger('like', {turn: Number(button.dataset.turn), verdict: button.dataset.judge, text: said.value});
    said.value = '';
    return;
  }
  const card = document.getElementById(button.dataset.card || button.dataset.from || '');
  document.querySelectorAll('.card.current').forEach((other) => other.classList.remove('current'));
  if (card) {
    card.classList.add('current');
    card.closest('details')?.setAttribute('open', '');
    card.scrollIntoView({block: 'nearest'});
  }
  const opener = button.dataset.document === undefined ? card?.querySelector('[data-document]') : button;
  if (!opener) return;
  const {document: id, start, end, spans} = opener.dataset;
  trigger('select', {document: id, start: Number(start), end: Number(end), spans: spans || '', cited: Boolean(card)});
});
"""
# A screen reader is told what is being done and then the newest answer, or the verdicts, and not the whole page again.
ANNOUNCING = (
    ON_CLICK
    + """
const announcer = document.getElementById('announcer') ?? document.createElement('div');
announcer.id = 'announcer';
announcer.setAttribute('role', 'status');
if (!announcer.isConnected) document.body.append(announcer);
watch('value', () => {
  const turn = element.querySelector('.turn') ?? element;
  const told = turn.querySelectorAll('.step, .statements p, .reason, .notice, .confidence, .claim .verdict, .claim .text');
  announcer.textContent = [...told].map((one) => one.innerText).join(' ').slice(0, 1500);
});
"""
)
# The reader scrolls to the marked words, and steps to the citation before or after the current one.
READER = """
watch('value', () => {
  const mark = element.querySelector('mark');
  const box = element.closest('#reader') || element;
  if (!mark) { box.scrollTop = 0; return; }
  box.scrollTop += mark.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
  if (box.getBoundingClientRect().top > window.innerHeight * 0.7) box.scrollIntoView({block: 'start'});
});
element.addEventListener('click', (event) => {
  const way = Number(event.target.closest('[data-step]')?.dataset.step || 0);
  const card = document.querySelector('.card.current');
  const other = way < 0 ? card?.previousElementSibling : way > 0 ? card?.nextElementSibling : null;
  other?.querySelector('.open')?.click();
});
"""
PREFERRED_LANGUAGE = """() => {
    const spoken = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
    const language = spoken.find((tag) => LANGUAGES.includes(tag)) ?? DEFAULT;
    document.documentElement.lang = language;
    return language;
}""".replace("LANGUAGES", json.dumps(LANGUAGES)).replace("DEFAULT", json.dumps(DEFAULT_LANGUAGE))
SET_LANGUAGE = "(language) => { document.documentElement.lang = language; return []; }"
