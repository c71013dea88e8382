namespace Ipdr.Oci.Distribution;

/// <summary>One way that a server says it can be convinced (RFC 9110, section 11.6.1).</summary>
/// <param name="Scheme">In lower case: <c>bearer</c>, <c>basic</c>.</param>
/// <param name="Parameters">Its parameters by lower-case name.</param>
internal sealed record AuthChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>Reads the challenges of a <c>WWW-Authenticate</c> header, of which several may share a line; what cannot be read ends them.</summary>
    public static IEnumerable<AuthChallenge> Read(string header)
    {
        int at = 0;
        string? scheme = null;
        Dictionary<string, string> parameters = new(StringComparer.Ordinal);
        while (ReadToken(header, ref at) is { Length: > 0 } token)
        {
            SkipSpace(header, ref at);
            if (at < header.Length && header[at] == '=' && scheme is not null)
            {
                at++;
                if (ReadValue(header, ref at) is not { } value)
                    break;
                parameters[token.ToLowerInvariant()] = value;
            }
            else
            {
                if (scheme is not null)
                    yield return new AuthChallenge(scheme, parameters);
                (scheme, parameters) = (token.ToLowerInvariant(), new Dictionary<string, string>(StringComparer.Ordinal));
            }
            SkipSeparators(header, ref at);
        }
        if (scheme is not null)
            yield return new AuthChallenge(scheme, parameters);
    }

    private static string ReadToken(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || "!#$%&'*+-.^_`|~/".Contains(text[at], StringComparison.Ordinal)))
            at++;
        return text[start..at];
    }

    // Null for a quoted text without an end.
    private static string? ReadValue(string text, ref int at)
    {
        SkipSpace(text, ref at);
        if (at >= text.Length || text[at] != '"')
            return ReadToken(text, ref at);
        System.Text.StringBuilder value = new();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                at++;
                return value.ToString();
            }
            if (text[at] == '\\' && at + 1 < text.Length)
                at++;
            value.Append(text[at]);
        }
        return null;
    }

    private static void SkipSpace(string text, ref int at)
    {
        while (at < text.Length && text[at] is (' ' or '\t'))
            at++;
    }

    private static void SkipSeparators(string text, ref int at)
    {
        while (at < text.Length && text[at] is (' ' or '\t' or ','))
            at++;
    }
}
