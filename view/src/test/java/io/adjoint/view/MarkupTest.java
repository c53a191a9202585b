package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class MarkupTest {
    /** Any characters: unpaired surrogates and controls are among them. */
    @Property
    void aReaderOfTheMarkupFindsTheTexts(@ForAll String text, @ForAll String value) throws Exception {
        String markup = new Markup().element("p", text, "title=" + value).toString();

        Element read = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(markup)))
                .getDocumentElement();

        assertThat(read.getTextContent()).isEqualTo(allowed(text));
        // XML reads line breaks and tabs in an attribute as spaces; HTML keeps them.
        assertThat(read.getAttribute("title"))
                .isEqualTo(allowed(value).replace('\n', ' ').replace('\t', ' '));
    }

    /** The text with a replacement for each character that must not be in HTML. */
    private static String allowed(String text) {
        return text.codePoints()
                .map(point -> Character.getType(point) == Character.SURROGATE
                                || (Character.getType(point) == Character.CONTROL && point != '\n' && point != '\t')
                                || (point >= 0xFDD0 && point <= 0xFDEF)
                                || point % 0x10000 >= 0xFFFE
                                || "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069".indexOf(point) >= 0
                        ? 0xFFFD
                        : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void elementsWithoutContentEndAsTheirLanguageWantsIt() {
        Markup markup = new Markup().empty("br").empty("div", "id=a");
        markup.open("svg").empty("path", "d=M0,0").close();
        assertThat(markup.toString()).isEqualTo("<br><div id=\"a\"></div><svg><path d=\"M0,0\"/></svg>");
    }

    @Test
    void anElementThatIsLeftOpenIsAnError() {
        Markup markup = new Markup().open("p").open("b");
        assertThatIllegalStateException().isThrownBy(markup::toString).withMessage("Markup: [b, p] are open");
    }
}
