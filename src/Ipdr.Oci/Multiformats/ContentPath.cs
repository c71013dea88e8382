using System.Diagnostics.CodeAnalysis;

namespace Ipdr.Oci.Multiformats;

/// <summary>A CID and a path below it, as people write, link and paste them.</summary>
/// <remarks>
/// <c>CID</c>, <c>CID/path</c>, <c>/ipfs/CID/path</c>, <c>ipfs://CID/path</c>, <c>https://gateway/ipfs/CID/path</c>,
/// <c>https://CID.ipfs.gateway/path</c>, and for the CID also a legacy image name. In addresses the path is percent-encoded; their query and
/// fragment say how something is shown, not what, and are left out.
/// </remarks>
public sealed class ContentPath : ISpanParsable<ContentPath>, IEquatable<ContentPath>
{
    // As long as an address may be in most programs.
    private const int MaxTextLength = 8192;

    private ContentPath(Cid root, IReadOnlyList<string> segments) => (Root, Segments) = (root, segments);

    /// <summary>The CID that the path starts at.</summary>
    public Cid Root { get; }

    /// <summary>The names below it, in order; none is empty, <c>.</c> or <c>..</c>, or has a slash or a NUL.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>The path that is a CID and nothing below it.</summary>
    public static ContentPath Of(Cid root) => new(root, []);

    /// <summary>The path that goes on with these names.</summary>
    /// <param name="names">None is empty, <c>.</c> or <c>..</c>, or has a slash or a NUL.</param>
    /// <exception cref="ArgumentException">One is.</exception>
    public ContentPath Below(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (name is "" or "." or ".." || name.AsSpan().ContainsAny('/', '\0'))
                throw new ArgumentException($"\"{name}\" cannot be a part of a path", nameof(names));
        }
        return new ContentPath(Root, [.. Segments, .. names]);
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    /// <exception cref="ArgumentNullException"><paramref name="s"/> is null.</exception>
    public static ContentPath Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <summary>Reads a CID, a path or an address.</summary>
    /// <exception cref="CidFormatException">It is none, or there is no CID in it.</exception>
    public static ContentPath Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        Read(s, out ContentPath? path) is var fault and not CidFault.None ? throw new CidFormatException(fault, s.ToString()) : path!;

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out ContentPath)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ContentPath result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>Reads a CID, a path or an address; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out ContentPath result) =>
        Read(s, out result) == CidFault.None;

    /// <summary>Reads a CID, a path or an address, and tells what is wrong with it.</summary>
    /// <param name="text">The text, nothing before or after it.</param>
    /// <param name="path">The path, or null where there is a fault.</param>
    public static CidFault Read(ReadOnlySpan<char> text, out ContentPath? path)
    {
        path = null;
        if (text.Length > MaxTextLength)
            return CidFault.TextTooLong;
        if (TryCut(ref text, "ipfs://"))
        {
            // A common mistake, and an unmistakable one.
            _ = TryCut(ref text, "ipfs/");
            return ReadPath(WithoutQuery(text), isEncoded: true, out path);
        }
        if (TryCut(ref text, "https://") || TryCut(ref text, "http://"))
            return ReadAddress(WithoutQuery(text), out path);
        if (TryCut(ref text, "ipns://") || text.StartsWith("/ipns/"))
            return CidFault.MutableName;
        if (text.StartsWith('/'))
            return text.StartsWith("/ipfs/") ? ReadPath(text["/ipfs/".Length..], isEncoded: false, out path) : CidFault.NoCid;
        return ReadPath(text, isEncoded: false, out path);
    }

    /// <inheritdoc/>
    public bool Equals(ContentPath? other) => other is not null && Root == other.Root && Segments.SequenceEqual(other.Segments);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ContentPath);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Root, Segments.Count);

    /// <summary><c>/ipfs/CID/path</c>.</summary>
    public override string ToString() => $"/ipfs/{Root}{string.Concat(Segments.Select(segment => "/" + segment))}";

    private static bool TryCut(ref ReadOnlySpan<char> text, ReadOnlySpan<char> start)
    {
        if (!text.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            return false;
        text = text[start.Length..];
        return true;
    }

    private static ReadOnlySpan<char> WithoutQuery(ReadOnlySpan<char> address) =>
        address.IndexOfAny('?', '#') is var end and >= 0 ? address[..end] : address;

    private static CidFault ReadAddress(ReadOnlySpan<char> address, out ContentPath? path)
    {
        path = null;
        int slash = address.IndexOf('/');
        ReadOnlySpan<char> host = slash < 0 ? address : address[..slash], rest = slash < 0 ? "" : address[slash..];
        if (rest.StartsWith("/ipfs/"))
            return ReadPath(rest["/ipfs/".Length..], isEncoded: true, out path);
        int dot = host.IndexOf('.');
        ReadOnlySpan<char> space = dot < 0 ? "" : host[(dot + 1)..];
        if (space.StartsWith("ipfs."))
            return ReadPath($"{host[..dot]}{rest}", isEncoded: true, out path);
        return rest.StartsWith("/ipns/") || space.StartsWith("ipns.") ? CidFault.MutableName : CidFault.NoCid;
    }

    private static CidFault ReadPath(ReadOnlySpan<char> text, bool isEncoded, out ContentPath? path)
    {
        path = null;
        int slash = text.IndexOf('/');
        ReadOnlySpan<char> name = slash < 0 ? text : text[..slash];
        CidFault fault = Cid.Read(name, out Cid root);
        if (fault == CidFault.LegacyName)
            fault = LegacyImageName.Read(name, out root);
        if (fault != CidFault.None)
            return fault;
        List<string> segments = [];
        foreach (string part in slash < 0 ? [] : text[(slash + 1)..].ToString().Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            string segment = isEncoded ? Uri.UnescapeDataString(part) : part;
            if (segment is "." or ".." || segment.AsSpan().ContainsAny('/', '\0'))
                return CidFault.BadPath;
            segments.Add(segment);
        }
        path = new ContentPath(root, segments);
        return CidFault.None;
    }
}
