using System.Text;

namespace Ipdr.Oci.Faults;

/// <summary>One thing that is wrong: what, where, what was expected and found, and what to do about it.</summary>
/// <param name="Code">The stable name of the defect.</param>
/// <param name="What">What is wrong, one clause, no final full stop.</param>
/// <param name="Where">The place: file, member, JSON pointer, byte offset, joined by <c> › </c>.</param>
/// <param name="Remedy">What to do next, one sentence; empty when nothing helps.</param>
public sealed record Fault(FaultCode Code, string What, string Where, string Remedy = "")
{
    /// <summary>Between the parts of a place: <c>image.tar › 3f1c…/layer.tar › byte 1024</c>.</summary>
    public const string PlaceSeparator = " › ";

    /// <summary>What was promised, where two values are compared.</summary>
    public string? Expected { get; init; }

    /// <summary>What was found instead.</summary>
    public string? Actual { get; init; }

    /// <summary>The code as scripts see it: <c>digest-mismatch</c>.</summary>
    public string CodeText => KebabCase(Code.ToString());

    /// <summary>The fault seen from further out: <paramref name="outer"/> is put before the place.</summary>
    public Fault Within(string outer) => this with { Where = Where.Length == 0 ? outer : outer + PlaceSeparator + Where };

    /// <summary>One line: place, what, expected and actual.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        if (Where.Length > 0)
            text.Append(Where).Append(": ");
        text.Append(What);
        if (Expected is not null)
            text.Append(" (expected ").Append(Expected);
        if (Actual is not null)
            text.Append(Expected is null ? " (" : ", ").Append("found ").Append(Actual);
        if (Expected is not null || Actual is not null)
            text.Append(')');
        return text.ToString();
    }

    private static string KebabCase(string name)
    {
        StringBuilder text = new(name.Length + 4);
        foreach (char letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }
}
