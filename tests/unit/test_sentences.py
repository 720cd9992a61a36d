from __future__ import annotations

import pytest

from qa.sentences import sentence_spans


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Selon M. Terrien, 12,5 % étaient prêts.", "L'art. L. 511-6 s'applique."],
        ["Le plan était prêt.", "Éric Dupont l'a présenté.", "À Lille, on attendait."],
        ["Il a dit : « Non. »", "Puis il est parti…", "Et voilà !", "N'est-ce pas ?"],
        ["« Oui. » dit-il."],
        ["The law (No. 5) covers e.g. vans.", "See s. 4 for vans.", '"It is."', "He left."],
        ["Toyota Inc. sold cars.", "The firm grew by 5.5%.", "75 firms were advised."],
        ["Il vend des pneus, des jantes, etc.", "Le reste est importé."],
        ["Le malus est de 6 000 € au-delà de 200 g.", "36 000 salariés travaillent."],
        ["The U.S. said no.", "It left the U.S.", "The rest stayed."],
        ["Il prend de la vitamine C.", "Le reste suit."],
        ["Mme A. Durand et J.-C. Martin ont signé."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences):
    assert cut(" ".join(sentences)) == sentences


def test_a_line_end_ends_a_sentence():
    assert cut("Les aides\n\n1. Le plan\n2. La banque") == ["Les aides", "1. Le plan", "2. La banque"]


def test_non_breaking_spaces_are_spaces():
    assert cut("Il dit\u00a0: «\u00a0Oui.\u00a0» Elle part\u202f! Fin.") == [
        "Il dit\u00a0: «\u00a0Oui.\u00a0»",
        "Elle part\u202f!",
        "Fin.",
    ]


def test_every_character_but_white_space_is_in_one_sentence():
    text = "  Un plan… «\u00a0Deux.\u00a0» (Trois.) Quatre?!  Cinq\n\n\tSix. "
    covered = "".join(cut(text))
    assert "".join(covered.split()) == "".join(text.split())


def test_nothing_has_no_sentences():
    assert cut(" \n ") == []


def test_a_row_of_dots_is_read_in_one_go():
    text = "Le plan " + "." * 200_000
    assert sentence_spans(text) == [(0, len(text))]
