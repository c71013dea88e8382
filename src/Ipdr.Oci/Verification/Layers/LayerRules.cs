using System.Globalization;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Verification.Layers;

/// <summary>Judges the members of one layer as they pass: what would be dangerous to unpack, and what some systems cannot keep apart.</summary>
/// <param name="file">The blob, as findings call it.</param>
internal sealed class LayerRules(string file)
{
    // More findings of one code tell nothing new; the report counts no further than this either.
    private const int MaxFindingsOfOneCode = 1_000;

    // Whiteouts of one layer that are held against the layers below; a build that deletes more replaces the folder instead.
    private const int MaxWhiteouts = 100_000;

    private const int SetuidBits = 0b110_000_000_000;

    private readonly List<Finding> _findings = [];
    private readonly Dictionary<FaultCode, int> _counts = [];
    private readonly List<Whiteout> _whiteouts = [];
    private readonly PathTable _paths = new();
    private bool _tooManyWhiteouts;

    public void Judge(TarEntry entry)
    {
        if (!LayerPath.TryNormalise(entry.Name, out string path))
        {
            Add(FaultCode.PathTraversal, "the member's name climbs above the root of the image", entry);
            return;
        }
        if (entry.Name.StartsWith('/'))
            Add(FaultCode.AbsolutePath, "the member's name is absolute", entry);
        if (path.Length == 0)
            return;
        if (LayerPath.NameOf(path).StartsWith(Whiteout.Prefix))
        {
            JudgeWhiteout(entry, path);
            return;
        }
        JudgeType(entry, path);
        _paths.Add(path, out bool repeats, out bool collides);
        if (repeats && entry.Type != TarEntryType.Directory)
            Add(FaultCode.DuplicatePath, "the layer has this member twice", entry);
        if (collides)
            Add(FaultCode.CaseCollision, "another name in the layer differs from this one only in case", entry);
    }

    /// <summary>What was found of a layer that was walked to its end, or as far as it could be.</summary>
    public LayerFacts Finish(TarEnd end, long trailingBytes, long position, Fault? broken)
    {
        Place place = new(file);
        if (broken is null && end is TarEnd.NoEndBlocks or TarEnd.OneEndBlock)
            _findings.Add(Finding.Of(FaultCode.MissingEndBlocks, "the layer ends without its two end blocks; all members are complete", place with { ByteOffset = position }));
        if (trailingBytes > 0)
            _findings.Add(Finding.Of(FaultCode.TrailingData, $"{trailingBytes} bytes follow the end of the tar archive", place));
        if (_paths.IsFull || _tooManyWhiteouts)
            _findings.Add(Finding.Of(FaultCode.Unchecked, $"the layer has more than {PathTable.MaxPaths} paths or {MaxWhiteouts} whiteouts; not all were compared with each other and with the layers below", place));
        return new LayerFacts { Findings = _findings, Broken = broken, Paths = _paths.ToKeys(), Whiteouts = _whiteouts };
    }

    private void JudgeType(TarEntry entry, string path)
    {
        switch (entry.Type)
        {
            case TarEntryType.CharacterDevice or TarEntryType.BlockDevice:
                Add(FaultCode.DeviceNode, string.Create(CultureInfo.InvariantCulture, $"the member is a {(entry.Type == TarEntryType.BlockDevice ? "block" : "character")} device, {entry.DeviceMajor}:{entry.DeviceMinor}"), entry);
                break;
            case TarEntryType.HardLink when !LayerPath.TryNormalise(entry.LinkName, out _):
                Add(FaultCode.PathTraversal, $"the hard link leads above the root of the image, to {TarText.Quote(entry.LinkName)}", entry);
                break;
            case TarEntryType.SymbolicLink when !LayerPath.TryResolve(path, entry.LinkName, out _):
                Add(FaultCode.LinkOutside, $"the symbolic link leads above the root of the image, to {TarText.Quote(entry.LinkName)}", entry);
                break;
            case TarEntryType.RegularFile when (entry.Mode & SetuidBits) != 0:
                Add(FaultCode.Setuid, $"the mode is {Convert.ToString(entry.Mode & 0xFFF, 8)}, the owner {entry.Uid}:{entry.Gid}", entry);
                break;
        }
    }

    // Names that begin with .wh..wh. are AUFS's own, but for the opaque marker.
    private void JudgeWhiteout(TarEntry entry, string path)
    {
        int slash = path.LastIndexOf('/');
        string folder = slash < 0 ? "" : path[..slash], hidden = path[(slash + 1 + Whiteout.Prefix.Length)..];
        if (hidden is "" or "." or "..")
            Add(FaultCode.BadWhiteout, hidden.Length == 0 ? "the whiteout names nothing" : "the whiteout names the folder that it is in, or the one above", entry);
        else if (_whiteouts.Count >= MaxWhiteouts)
            _tooManyWhiteouts = true;
        else if (LayerPath.NameOf(path) is Whiteout.Opaque)
            _whiteouts.Add(new Whiteout(folder, IsOpaque: true, entry.Name));
        else if (!hidden.StartsWith(Whiteout.Prefix, StringComparison.Ordinal))
            _whiteouts.Add(new Whiteout(folder.Length == 0 ? hidden : $"{folder}/{hidden}", IsOpaque: false, entry.Name));
    }

    private void Add(FaultCode code, string what, TarEntry entry)
    {
        int count = _counts[code] = _counts.GetValueOrDefault(code) + 1;
        if (count <= MaxFindingsOfOneCode)
            _findings.Add(Finding.Of(code, what, new Place(file) { Member = entry.Name, ByteOffset = entry.HeaderOffset }));
    }
}
