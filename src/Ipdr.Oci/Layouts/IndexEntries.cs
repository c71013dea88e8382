using System.Runtime.InteropServices;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Layouts;

/// <summary>The entries of a layout's index while others are added: each in constant time, since one image may have any number of names.</summary>
internal sealed class IndexEntries
{
    // In the order in which they came; null where one has gone.
    private readonly List<Descriptor?> _entries = [];
    private readonly Dictionary<(Digest Digest, (string? Label, string? Name) Names), List<int>> _places = [];
    private readonly Dictionary<(string? Label, string? Name), List<int>> _named = [];
    private readonly Dictionary<Digest, int> _counts = [];

    /// <summary>Begins with what the index lists already.</summary>
    public IndexEntries(IEnumerable<Descriptor> existing)
    {
        foreach (Descriptor entry in existing)
            Append(entry);
    }

    /// <summary>What an entry is called.</summary>
    public static (string? Label, string? Name) NamesOf(Descriptor entry) =>
        (entry.Annotations?.GetValueOrDefault(Annotations.RefName), entry.Annotations?.GetValueOrDefault(Annotations.ContainerdImageName));

    /// <summary>Adds an entry. A name moves to the new image; the image that had it stays, without the name.</summary>
    public void Add(Descriptor entry)
    {
        (string?, string?) names = NamesOf(entry);
        Remove(entry.Digest, names);
        Remove(entry.Digest, (null, null));
        if (names != (null, null))
        {
            if (_named.Remove(names, out List<int>? former))
                former.ForEach(TakeNameAway);
        }
        else if (_counts.GetValueOrDefault(entry.Digest) > 0)
        {
            return;
        }
        Append(entry);
    }

    /// <summary>All of them, ordered by full name, label and digest.</summary>
    public IReadOnlyList<Descriptor> Ordered() => [.. _entries.OfType<Descriptor>().OrderBy(SortKey, StringComparer.Ordinal)];

    private void Append(Descriptor entry)
    {
        _entries.Add(entry);
        Enter(_entries.Count - 1, entry);
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, entry.Digest, out _)++;
    }

    private void Enter(int place, Descriptor entry)
    {
        (string?, string?) names = NamesOf(entry);
        ListOf(_places, (entry.Digest, names)).Add(place);
        if (names != (null, null))
            ListOf(_named, names).Add(place);
    }

    private void Remove(Digest digest, (string?, string?) names)
    {
        if (!_places.Remove((digest, names), out List<int>? places))
            return;
        foreach (int place in places)
            _entries[place] = null;
        _counts[digest] -= places.Count;
    }

    private void TakeNameAway(int place)
    {
        // Those of the same image are gone already.
        if (_entries[place] is not { } entry)
            return;
        _places.Remove((entry.Digest, NamesOf(entry)));
        Annotations rest = new(entry.Annotations!.Where(pair => pair.Key is not (Annotations.RefName or Annotations.ContainerdImageName)));
        entry = entry with { Annotations = rest.Count > 0 ? rest : null };
        _entries[place] = entry;
        Enter(place, entry);
    }

    private static List<int> ListOf<TKey>(Dictionary<TKey, List<int>> lists, TKey key) where TKey : notnull =>
        CollectionsMarshal.GetValueRefOrAddDefault(lists, key, out _) ??= [];

    private static string SortKey(Descriptor entry) => $"{NamesOf(entry).Name}\n{NamesOf(entry).Label}\n{entry.Digest}";
}
