using Ipdr.Oci.Images;

namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>What credentials are kept under: hosts, hosts with a namespace, and the names that Docker Hub has had.</summary>
internal static class CredentialKeys
{
    /// <summary>What Docker keeps those of Docker Hub under.</summary>
    public const string Hub = "https://index.docker.io/v1/";

    /// <summary>The namespaces that an image is in, the longest first: <c>host/team/app</c>, <c>host/team</c>.</summary>
    public static IEnumerable<string> NamespacesOf(ImageReference image)
    {
        for (string name = image.Name; name.Contains('/', StringComparison.Ordinal); name = name[..name.LastIndexOf('/')])
            yield return name;
    }

    /// <summary>All keys that mean a whole registry, the plainest first.</summary>
    public static IEnumerable<string> OfHost(string host) => host == ImageReference.DockerHub ? [host, Hub, "index.docker.io", "registry-1.docker.io"] : [host];

    /// <summary>The one that a helper for all registries is asked for.</summary>
    public static string ForHelper(string host) => host == ImageReference.DockerHub ? Hub : host;

    /// <summary>The key without what older tools wrote around it: a whole address.</summary>
    public static string Plain(string key)
    {
        int scheme = key.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return key;
        string rest = key[(scheme + 3)..].TrimEnd('/');
        return rest.EndsWith("/v1", StringComparison.Ordinal) || rest.EndsWith("/v2", StringComparison.Ordinal) ? rest[..^3] : rest;
    }
}
