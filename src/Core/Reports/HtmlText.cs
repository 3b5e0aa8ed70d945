using System.Text.Encodings.Web;

namespace ImageScan.Core.Reports;

/// <summary>Writes HTML: what we wrote as it is, and all else encoded, for elements and for attributes in double quotes.</summary>
internal sealed class HtmlText(TextWriter output)
{
    private const int MaxCharacters = 160;

    /// <summary>Markup of our own, in which is no text from outside.</summary>
    public HtmlText Raw(string markup)
    {
        output.Write(markup);
        return this;
    }

    /// <summary>Any text: one line, cut, and encoded.</summary>
    public HtmlText Text(string text, int maxCharacters = MaxCharacters)
    {
        HtmlEncoder.Default.Encode(output, ReportText.Line(text, maxCharacters));
        return this;
    }
}
