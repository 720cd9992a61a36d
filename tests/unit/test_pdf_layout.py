from __future__ import annotations

from qa.ingest.pdf.flow import flowing
from qa.ingest.pdf.layout import regions
from qa.ingest.pdf.paragraphs import Paragraph, paragraphs_of
from qa.ingest.pdf.running import without_running_lines
from qa.ingest.pdf.words import Word


def written(text: str, x: float, baseline: float, size: float = 10) -> list[Word]:
    """A line of words, each letter half as wide as it is high."""
    words = []
    for word in text.split(" "):
        width = len(word) * size / 2
        words.append(Word(word, x, x + width, baseline - 0.8 * size, baseline + 0.2 * size, baseline, size))
        x += width + size / 4
    return words


def texts(words: list[Word]) -> list[str]:
    return [
        paragraph.text or str(paragraph.rows)
        for lines in regions(words)
        for paragraph in paragraphs_of(lines, 1, body=10, pitch=1.2, words=frozenset())
    ]


def test_columns_whose_lines_are_not_level_and_what_stands_across_them():
    words = written("Un titre qui va de la gauche jusque tout à la droite de la page", 50, 80)
    for number in range(6):
        words += written(f"gauche ligne {number} du texte", 50, 120 + 12 * number)
        words += written(f"droite ligne {number} du texte", 220, 125 + 12 * number)
    words += written("une fin qui va elle aussi de la gauche tout à la droite de la page", 50, 230)
    assert texts(words) == [
        "Un titre qui va de la gauche jusque tout à la droite de la page",
        " ".join(f"gauche ligne {number} du texte" for number in range(6)),
        " ".join(f"droite ligne {number} du texte" for number in range(6)),
        "une fin qui va elle aussi de la gauche tout à la droite de la page",
    ]


def test_three_columns():
    words = []
    for column, name in enumerate(("premier", "deuxième", "troisième")):
        for number in range(4):
            words += written(f"le {name} mot {number}", 50 + 160 * column, 100 + 12 * number)
    assert [text.split()[1] for text in texts(words)] == ["premier", "deuxième", "troisième"]


def test_short_cells_side_by_side_are_a_table_and_not_columns():
    words = []
    for number, row in enumerate([("Année", "Aide", "Usines"), ("2012", "150", "84"), ("2013", "210", "131")]):
        for column, cell in enumerate(row):
            words += written(cell, 50 + 100 * column, 100 + 12 * number)
    assert texts(words) == ["(('Année', 'Aide', 'Usines'), ('2012', '150', '84'), ('2013', '210', '131'))"]


def test_paragraphs_are_told_by_white_indents_bullets_and_lines_that_end_early():
    lines = [
        (50, "Un premier paragraphe qui remplit sa ligne tout à fait"),
        (50, "et finit ici."),
        (50, "Un deuxième paragraphe qui remplit sa ligne lui aussi"),
        (50, "et finit au bord de la page, là où rien ne le montre."),
        (65, "Un troisième, que montre son retrait à la première"),
        (50, "ligne."),
        (50, "• une puce ;"),
        (50, "– une autre, dont le texte est trop long pour une ligne"),
        (60, "et va à la suivante."),
    ]
    words = [word for number, (x, line) in enumerate(lines) for word in written(line, x, 100 + 12 * number)]
    assert [text.split()[0:2] for text in texts(words)] == [
        ["Un", "premier"], ["Un", "deuxième"], ["Un", "troisième,"], ["une", "puce"], ["une", "autre,"],
    ]  # fmt: skip


def test_running_heads_go_and_a_title_of_the_same_words_stays():
    pages = []
    for number in range(1, 5):
        page = written("Le plan automobile", 50, 30, 8) if number > 1 else written("Le plan automobile", 50, 60, 20)
        page += written(f"Le texte de la page compte {number} usines", 50, 100 + 40 * number)
        page += written(f"{number} / 4", 300, 780)
        pages.append(page)
    kept = [" ".join(word.text for word in words) for words in without_running_lines(pages)]
    body = [f"Le texte de la page compte {number} usines" for number in range(1, 5)]
    assert kept == [f"Le plan automobile {body[0]}", *body[1:]]


def test_a_chapter_s_name_goes_with_the_page_number_beside_it():
    chapters = ["L’emploi", "L’emploi", "Les aides", "Les aides", "La formation"]
    pages = [
        written(f"{name} {number + 6}", 50, 30) + written(f"Le texte {'abcde'[number - 1]}.", 50, 100)
        for number, name in enumerate(chapters, 1)
    ]
    kept = [" ".join(word.text for word in words) for words in without_running_lines(pages)]
    assert kept == [f"Le texte {letter}." for letter in "abcde"]


def test_a_year_at_the_foot_of_a_lone_page_stays():
    (kept,) = without_running_lines(
        [written("Le plan de", 50, 100) + written("2012", 50, 700) + written("1", 300, 780)]
    )
    assert [word.text for word in kept] == ["Le", "plan", "de", "2012"]


def test_a_sentence_over_two_pages_is_whole_on_the_first_even_above_a_note():
    flowed = flowing(
        [
            Paragraph("paragraph", "Le plan est ancien. L’aide est versée aux four-", 1, 10),
            Paragraph("paragraph", "1 Selon le ministère.", 1, 7),
            Paragraph("paragraph", "nisseurs de la région. Elle est de 2 millions.", 2, 10),
        ],
        body=10,
        words=frozenset(),
    )
    assert [(paragraph.text, paragraph.page) for paragraph in flowed] == [
        ("Le plan est ancien. L’aide est versée aux fournisseurs de la région.", 1),
        ("1 Selon le ministère.", 1),
        ("Elle est de 2 millions.", 2),
    ]


def test_paragraphs_that_end_are_not_joined():
    paragraphs = [Paragraph("paragraph", "Le plan est là.", 1, 10), Paragraph("paragraph", "il est court.", 2, 10)]
    assert len(flowing(paragraphs, body=10, words=frozenset())) == 2
