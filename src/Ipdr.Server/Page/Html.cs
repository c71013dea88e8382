using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Ipdr.Server.Page;

/// <summary>Text of a page. What is put into it is escaped, unless it is such text itself: what strangers push is never markup.</summary>
[InterpolatedStringHandler]
internal readonly struct Html
{
    private readonly StringBuilder _text;

    public Html(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + 16 * formattedCount);

    public static Html Empty { get; } = new(0, 0);

    /// <summary>Several texts, one behind the other.</summary>
    public static Html Join(IEnumerable<Html> parts)
    {
        Html all = new(0, 0);
        foreach (Html part in parts)
            all._text.Append(part._text);
        return all;
    }

    public void AppendLiteral(string markup) => _text.Append(markup);

    public void AppendFormatted(Html html) => _text.Append(html._text);

    public void AppendFormatted<T>(T value) => _text.Append(WebUtility.HtmlEncode(Convert.ToString(value, CultureInfo.InvariantCulture)));

    public override string ToString() => _text.ToString();
}
