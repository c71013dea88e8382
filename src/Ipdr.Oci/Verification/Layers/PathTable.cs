namespace Ipdr.Oci.Verification.Layers;

/// <summary>Remembers the paths of one layer in bounded memory.</summary>
internal sealed class PathTable
{
    /// <summary>Paths of one layer that are remembered, their folders included: about 40 MB. The largest known layers have half as many.</summary>
    public const int MaxPaths = 1_000_000;

    // The lowest bit of a key tells a member from a folder that only its content shows.
    private const ulong IsMember = 1;

    private readonly Dictionary<ulong, ulong> _byFolded = [];
    private readonly HashSet<ulong> _collided = [];
    private string _lastFolder = "";

    /// <summary>There were more paths than are remembered; nothing is known of the others.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Remembers a member's path and the folders above it.</summary>
    /// <param name="path">The normalised path.</param>
    /// <param name="repeats">The layer has had this very member before.</param>
    /// <param name="collides">The layer has had one that differs only in case.</param>
    public void Add(string path, out bool repeats, out bool collides)
    {
        AddFolders(path);
        Add(path, IsMember, out repeats, out collides);
    }

    /// <summary>The keys of all paths, in order; null when there were too many.</summary>
    public ulong[]? ToKeys()
    {
        if (IsFull)
            return null;
        ulong[] keys = [.. _byFolded.Values.Select(Key), .. _collided];
        Array.Sort(keys);
        return keys;
    }

    /// <summary>A path's key as <see cref="ToKeys"/> has it.</summary>
    public static ulong KeyOf(ReadOnlySpan<char> path) => Key(PathKey.Of(path));

    public static ulong Key(ulong hash) => hash & ~IsMember;

    // Members come folder by folder, so most of the time the folders are those of the member before.
    private void AddFolders(string path)
    {
        int end = path.LastIndexOf('/');
        ReadOnlySpan<char> folder = end < 0 ? "" : path.AsSpan(0, end);
        if (folder.SequenceEqual(_lastFolder))
            return;
        _lastFolder = folder.ToString();
        for (; end > 0; end = path.LastIndexOf('/', end - 1))
            Add(path.AsSpan(0, end), 0, out _, out _);
    }

    private void Add(ReadOnlySpan<char> path, ulong member, out bool repeats, out bool collides)
    {
        repeats = collides = false;
        ulong key = KeyOf(path), folded = PathKey.OfAnyCase(path);
        if (!_byFolded.TryGetValue(folded, out ulong known))
        {
            IsFull |= _byFolded.Count + _collided.Count >= MaxPaths;
            if (!IsFull)
                _byFolded.Add(folded, key | member);
        }
        else if (Key(known) == key)
        {
            repeats = member != 0 && (known & IsMember) != 0;
            _byFolded[folded] = known | member;
        }
        else if (!_collided.Contains(key))
        {
            collides = true;
            IsFull |= _byFolded.Count + _collided.Count >= MaxPaths;
            if (!IsFull)
                _collided.Add(key);
        }
    }
}
