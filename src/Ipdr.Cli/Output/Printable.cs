using System.Text;

namespace Ipdr.Cli.Output;

/// <summary>Text from strangers on its way to a terminal.</summary>
internal static class Printable
{
    /// <summary>The text with control characters written out, since they could change what a terminal shows.</summary>
    public static string Of(string text)
    {
        if (!text.Any(IsUnsafe))
            return text;
        StringBuilder safe = new(text.Length);
        foreach (char c in text)
        {
            if (IsUnsafe(c))
                safe.Append($"\\u{(int)c:x4}");
            else
                safe.Append(c);
        }
        return safe.ToString();
    }

    // Control characters, and the marks that turn the direction of writing.
    private static bool IsUnsafe(char c) => char.IsControl(c) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
