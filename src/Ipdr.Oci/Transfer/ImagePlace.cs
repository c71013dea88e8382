using System.Diagnostics.CodeAnalysis;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Transfer;

/// <summary>A place of images as it is written on a command line: <c>oci:DIR[:REF]</c>, <c>docker://HOST/REPO:TAG</c>, and so on, as skopeo has them.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Location">The file or folder, <c>-</c> for a standard stream; empty where the reference says it all.</param>
/// <param name="Reference">Which image there is meant; null where that is not said.</param>
public sealed record ImagePlace(PlaceKind Kind, string Location, string? Reference) : IParsable<ImagePlace>
{
    /// <summary>Stands for standard input or output.</summary>
    public const string StandardStream = "-";

    private const string Registry = "docker://", Ipfs = "ipfs://";

    private static readonly (string Prefix, PlaceKind Kind)[] Files =
    [
        ("docker-archive:", PlaceKind.DockerArchive),
        ("oci-archive:", PlaceKind.OciArchive),
        ("oci:", PlaceKind.Oci),
        ("registry-v2:", PlaceKind.RegistryV2),
        ("universal:", PlaceKind.Universal),
        ("car:", PlaceKind.Car),
    ];

    private static readonly (string Prefix, PlaceKind Kind)[] Names =
    [
        (Registry, PlaceKind.Registry),
        (Ipfs, PlaceKind.Ipfs),
        ("docker-daemon:", PlaceKind.DockerDaemon),
        ("store:", PlaceKind.Store),
    ];

    /// <summary>Is it standard input or output?</summary>
    public bool IsStandardStream => Location == StandardStream;

    /// <summary>Reads a place. A bare path is recognised by what is there, a bare CID is IPFS, a bare name is asked of the container engine.</summary>
    /// <exception cref="FormatException">The text is no place.</exception>
    public static ImagePlace Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        foreach ((string prefix, PlaceKind kind) in Names)
        {
            if (s.StartsWith(prefix, StringComparison.Ordinal))
                return new ImagePlace(kind, "", s[prefix.Length..] is { Length: > 0 } name ? name : kind is PlaceKind.Store or PlaceKind.DockerDaemon ? null : throw new FormatException($"\"{s}\" names nothing: write a name behind {prefix}"));
        }
        foreach ((string prefix, PlaceKind kind) in Files)
        {
            if (s.StartsWith(prefix, StringComparison.Ordinal))
                return OfFile(kind, s[prefix.Length..], s);
        }
        return s.Length == 0 ? throw new FormatException("a place is empty") : Recognise(s);
    }

    /// <summary>Reads a place; false for a text that is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ImagePlace result)
    {
        try
        {
            result = s is null ? null : Parse(s, provider);
            return result is not null;
        }
        catch (FormatException)
        {
            result = null;
            return false;
        }
    }

    /// <summary>The place as it is written.</summary>
    public override string ToString()
    {
        foreach ((string prefix, PlaceKind kind) in Names)
        {
            if (kind == Kind)
                return prefix + Reference;
        }
        string file = Reference is null ? Location : $"{Location}:{Reference}";
        foreach ((string prefix, PlaceKind kind) in Files)
        {
            if (kind == Kind)
                return prefix + file;
        }
        return file;
    }

    // A colon parts the reference from the path, unless something of that whole name is there.
    private static ImagePlace OfFile(PlaceKind kind, string rest, string whole)
    {
        int from = OperatingSystem.IsWindows() && rest is [_, ':', ..] ? 2 : 0;
        int colon = kind == PlaceKind.Car || Path.Exists(rest) ? -1 : rest.IndexOf(':', from);
        (string path, string? reference) = colon < 0 ? (rest, null) : (rest[..colon], rest[(colon + 1)..]);
        if (path.Length == 0)
            throw new FormatException($"\"{whole}\" names no file or folder");
        return new ImagePlace(kind, path, reference is "" ? null : reference);
    }

    private static ImagePlace Recognise(string text)
    {
        if (text == StandardStream)
            return new ImagePlace(PlaceKind.Archive, text, null);
        if (Directory.Exists(text))
            return new ImagePlace(File.Exists(Path.Combine(text, OciLayout.IndexFile)) ? PlaceKind.Oci : PlaceKind.RegistryV2, text, null);
        if (File.Exists(text))
            return new ImagePlace(text.EndsWith(".car", StringComparison.OrdinalIgnoreCase) ? PlaceKind.Car : PlaceKind.Archive, text, null);
        if (text.StartsWith("/ipfs/", StringComparison.Ordinal) || Cid.TryParse(text, null, out _))
            return new ImagePlace(PlaceKind.Ipfs, "", text);
        if (text is ['.' or '/' or '~', ..] || text.EndsWith(".tar", StringComparison.Ordinal))
            throw new FormatException($"\"{text}\" is not there; for something new, say what it shall be: oci:{text}, docker-archive:{text}, …");
        return new ImagePlace(PlaceKind.DockerDaemon, "", text);
    }
}
