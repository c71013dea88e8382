using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Ipdr.Oci.Images;

/// <summary>What an image runs on (image-spec, image-index.md). Properties are in the order in which they are written.</summary>
/// <param name="Architecture">GOARCH value such as <c>amd64</c>; may be empty in indexes written by the .NET SDK.</param>
/// <param name="Os">GOOS value such as <c>linux</c>.</param>
public sealed record Platform(string Architecture = "", string Os = "") : IParsable<Platform>
{
    /// <summary>Version of the operating system; used by Windows images.</summary>
    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    /// <summary>Features the operating system must have.</summary>
    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OsFeatures { get; init; }

    /// <summary>Variant of the processor: <c>v7</c> of arm, <c>v8</c> of arm64, <c>v3</c> of amd64.</summary>
    public string? Variant { get; init; }

    /// <summary>Neither says what it runs on: an attestation, or an index entry without a platform.</summary>
    [JsonIgnore]
    public bool IsUnknown => Os is "" or "unknown" && Architecture is "" or "unknown";

    /// <summary>Reads <c>os/architecture[/variant]</c>.</summary>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static Platform Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out Platform? result) ? result : throw new FormatException($"\"{s}\" is not a platform: it is written os/architecture[/variant], as in linux/arm64/v8");

    /// <summary>Reads <c>os/architecture[/variant]</c>; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Platform result)
    {
        result = null;
        string[] parts = (s ?? "").Split('/');
        if (parts.Length is < 2 or > 3 || parts.Any(part => part.Length == 0 || !part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')))
            return false;
        result = new Platform(NormalArchitecture(parts[1]), parts[0].ToLowerInvariant()) { Variant = parts.Length == 3 ? parts[2] : null };
        return true;
    }

    /// <summary>Does an image for this platform serve who asks for <paramref name="wanted"/>? A variant that is not asked for may be any.</summary>
    public bool Serves(Platform wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        return Os == wanted.Os
            && NormalArchitecture(Architecture) == NormalArchitecture(wanted.Architecture)
            && (wanted.Variant is null || NormalVariant == wanted.NormalVariant)
            && (wanted.OsVersion is null || OsVersion == wanted.OsVersion);
    }

    /// <summary><c>os/architecture[/variant]</c>.</summary>
    public override string ToString() => Variant is null or "" ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";

    // What containerd's platforms package takes an absent variant for.
    private string? NormalVariant => (Architecture, Variant) switch
    {
        ("arm64", null or "") => "v8",
        ("arm", null or "") => "v7",
        ("amd64", null or "") => "v1",
        _ => Variant,
    };

    private static string NormalArchitecture(string name) => name.ToLowerInvariant() switch
    {
        "x86_64" or "x86-64" => "amd64",
        "aarch64" => "arm64",
        "armhf" or "armel" => "arm",
        "i386" or "i686" => "386",
        string other => other,
    };
}
