using System.Diagnostics.CodeAnalysis;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>What somebody logs in to: a registry, or a namespace of it. Written <c>HOST[:PORT][/NAMESPACE]</c>.</summary>
public sealed record RegistryAddress : IParsable<RegistryAddress>
{
    // Stands for any image there; nothing is asked about it.
    private const string AnyRepository = "any";

    private RegistryAddress(ImageReference image, string? space) => (Image, Namespace) = (image, space);

    /// <summary>The registry, with its port if any; <c>docker.io</c> for Docker Hub.</summary>
    public string Host => Image.Host;

    /// <summary>The beginning of the names of repositories, such as <c>team</c>; null for all of the registry.</summary>
    public string? Namespace { get; }

    /// <summary>What credentials are kept under, as Docker, podman and skopeo look for them.</summary>
    internal string Key => Namespace is null ? CredentialKeys.ForHelper(Host) : ToString();

    /// <summary>Some image there.</summary>
    internal ImageReference Image { get; }

    /// <summary>Reads an address; a scheme and the paths that older tools wrote are left out.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static RegistryAddress Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out RegistryAddress? result) ? result : throw new FormatException($"\"{s}\" is no registry: it is written HOST[:PORT][/NAMESPACE], and the host has a dot or a port, or is localhost");

    /// <summary>Reads an address; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out RegistryAddress result)
    {
        result = null;
        string plain = CredentialKeys.Plain(s ?? "");
        int slash = plain.IndexOf('/', StringComparison.Ordinal);
        string host = slash < 0 ? plain : plain[..slash];
        // Anything else would be a repository of Docker Hub, and never be looked for.
        if (!(host.AsSpan().ContainsAny('.', ':') || host == "localhost") || !ImageReference.TryParse($"{plain}/{AnyRepository}", null, out ImageReference? image))
            return false;
        result = new RegistryAddress(image, slash < 0 ? null : plain[(slash + 1)..]);
        return true;
    }

    /// <summary>The address as it is written.</summary>
    public override string ToString() => Namespace is null ? Host : $"{Host}/{Namespace}";
}
