using System.Globalization;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Verification;

/// <summary>A part of a target that was checked, with what was found in it and the parts that it leads to.</summary>
public sealed class CheckedItem
{
    // A hostile document can be wrong in a million ways; more of the same tell nothing new.
    private const int MaxFindingsOfOneCode = 100;

    private readonly List<Finding> _findings = [];
    private readonly List<CheckedItem> _children = [];
    private readonly Dictionary<FaultCode, int> _counts = [];

    internal CheckedItem(CheckedKind kind, string name, long? size = null) => (Kind, Name, Size) = (kind, name, size);

    /// <summary>What it is.</summary>
    public CheckedKind Kind { get; internal set; }

    /// <summary>What it is called: a file, a digest, a name.</summary>
    public string Name { get; }

    /// <summary>More about it: names of an image, its platform, how a layer is compressed.</summary>
    public string Detail { get; internal set; } = "";

    /// <summary>Bytes as stored, where known.</summary>
    public long? Size { get; internal set; }

    /// <summary>What was found in this very part, in the order of its content; at most 100 of one code, and then how many more there are.</summary>
    public IReadOnlyList<Finding> Findings => [.. _findings, .. _counts.Where(count => count.Value > MaxFindingsOfOneCode).Select(More)];

    /// <summary>The parts that it leads to.</summary>
    public IReadOnlyList<CheckedItem> Children => _children;

    /// <summary>This part and all below it, each before its children.</summary>
    public IEnumerable<CheckedItem> WithDescendants() => _children.SelectMany(child => child.WithDescendants()).Prepend(this);

    /// <summary>The worst of the findings in this part and below; null when there is none.</summary>
    public Severity? Worst() => WithDescendants().SelectMany(item => item._findings).Select(finding => (Severity?)finding.Severity).Max();

    internal CheckedItem AddChild(CheckedItem child)
    {
        _children.Add(child);
        return child;
    }

    internal void Add(Finding finding)
    {
        int count = _counts.GetValueOrDefault(finding.Code);
        if (count < MaxFindingsOfOneCode && _findings.Contains(finding))
            return;
        _counts[finding.Code] = count + 1;
        if (count < MaxFindingsOfOneCode)
            _findings.Add(finding);
    }

    internal void Add(IEnumerable<Finding> findings)
    {
        foreach (Finding finding in findings)
            Add(finding);
    }

    private Finding More(KeyValuePair<FaultCode, int> count)
    {
        Finding last = _findings.Last(finding => finding.Code == count.Key);
        return Finding.Of(count.Key, string.Create(CultureInfo.InvariantCulture, $"… and {count.Value - MaxFindingsOfOneCode} more like the last"), last.Place with { Member = null, ByteOffset = null, JsonPointer = null });
    }
}
