using System.Diagnostics.CodeAnalysis;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;

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
        ("dir:", PlaceKind.SkopeoFolder),
    ];

    // Of skopeo and podman; a bare name that begins so would be asked of the engine, which has nothing of that name.
    private static readonly string[] Foreign = ["containers-storage:", "ostree:", "sif:", "tarball:", "atomic:"];

    private static readonly (string Prefix, PlaceKind Kind)[] Names =
    [
        (Registry, PlaceKind.Registry),
        (Ipfs, PlaceKind.Ipfs),
        ("docker-daemon:", PlaceKind.DockerDaemon),
        ("store:", PlaceKind.Store),
    ];

    /// <summary>Is it standard input or output?</summary>
    public bool IsStandardStream => Location == StandardStream;

    /// <summary>Is it all that a registry has, or all below a path: <c>docker://HOST/*</c>, <c>docker://HOST/PREFIX/*</c>?</summary>
    public bool IsRepositoryPattern => Kind == PlaceKind.Registry && RepositoryPattern.TryParse(Reference, out _);

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
        int colon = kind is PlaceKind.Car or PlaceKind.SkopeoFolder || Path.Exists(rest) ? -1 : rest.IndexOf(':', from);
        (string path, string? reference) = colon < 0 ? (rest, null) : (rest[..colon], rest[(colon + 1)..]);
        if (path.Length == 0)
            throw new FormatException($"\"{whole}\" names no file or folder");
        return new ImagePlace(kind, path, reference is "" ? null : reference);
    }

    // Names of images may have a colon too, but no two slashes behind it; of prefixes only the long ones are guessed at, which no image is called like.
    private static void RefuseOtherPlaces(string text)
    {
        string[] known = [.. Files.Select(file => file.Prefix), .. Names.Select(name => name.Prefix)];
        if (text.IndexOf(':', StringComparison.Ordinal) is not (> 0 and int colon))
            return;
        string prefix = text[..(colon + 1)];
        if (text[colon..].StartsWith("://", StringComparison.Ordinal))
            throw new FormatException($"\"{text}\" is no place; an image of a registry is written {Registry}HOST/REPO:TAG");
        if (Foreign.Contains(prefix))
            throw new FormatException($"{prefix} is not known here, only {string.Join(' ', known)}");
        if (prefix.Length > 9 && NearestWord.To(prefix, known) is { } word)
            throw new FormatException($"{prefix} is not known here; did you mean {word}? An image of the container engine is written docker-daemon:{text}");
    }

    private static ImagePlace Recognise(string text)
    {
        if (text == StandardStream)
            return new ImagePlace(PlaceKind.Archive, text, null);
        if (Directory.Exists(text))
            return new ImagePlace(File.Exists(Path.Combine(text, OciLayout.IndexFile)) ? PlaceKind.Oci : SkopeoFolder.Is(text) ? PlaceKind.SkopeoFolder : PlaceKind.RegistryV2, text, null);
        if (File.Exists(text))
            return new ImagePlace(text.EndsWith(".car", StringComparison.OrdinalIgnoreCase) ? PlaceKind.Car : PlaceKind.Archive, text, null);
        if (text.StartsWith("/ipfs/", StringComparison.Ordinal) || Cid.TryParse(text, null, out _))
            return new ImagePlace(PlaceKind.Ipfs, "", text);
        if (text is ['.' or '/' or '~', ..])
            return new ImagePlace(PlaceKind.Archive, text, null);
        RefuseOtherPlaces(text);
        return text.EndsWith(".tar", StringComparison.Ordinal) ? new ImagePlace(PlaceKind.Archive, text, null) : new ImagePlace(PlaceKind.DockerDaemon, "", text);
    }
}
