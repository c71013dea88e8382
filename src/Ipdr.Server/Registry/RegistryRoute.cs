namespace Ipdr.Server.Registry;

/// <summary>A path under <c>/v2/</c>, taken apart from its end: the words of the API are valid parts of a repository's name.</summary>
/// <param name="Resource">What it names.</param>
/// <param name="Name">The repository, as written.</param>
/// <param name="Reference">Tag, digest or upload, as written.</param>
internal readonly record struct RegistryRoute(RegistryResource Resource, string Name = "", string Reference = "")
{
    private const string Prefix = "/v2";

    /// <summary>Takes a path apart; false for one that the API does not have.</summary>
    public static bool TryParse(string path, out RegistryRoute route)
    {
        route = default;
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        if (path.Length <= Prefix.Length + 1)
            return path.Length == Prefix.Length || path[^1] == '/';
        if (path[Prefix.Length] != '/')
            return false;
        ReadOnlySpan<char> rest = path.AsSpan(Prefix.Length + 1);
        if (rest is "_catalog" or "_catalog/")
        {
            route = new RegistryRoute(RegistryResource.Catalog);
            return true;
        }
        // Some clients leave the final slash of uploads/ out.
        if (TryCut(rest, "/blobs/uploads/", out ReadOnlySpan<char> name) || TryCut(rest, "/blobs/uploads", out name))
            return Found(RegistryResource.Uploads, name, "", out route);
        if (TryCut(rest, "/tags/list", out name))
            return Found(RegistryResource.Tags, name, "", out route);
        int slash = rest.LastIndexOf('/');
        if (slash < 0)
            return false;
        ReadOnlySpan<char> head = rest[..slash], last = rest[(slash + 1)..];
        if (TryCut(head, "/manifests", out name))
            return Found(RegistryResource.Manifest, name, last, out route);
        if (TryCut(head, "/blobs/uploads", out name))
            return Found(RegistryResource.Upload, name, last, out route);
        if (TryCut(head, "/blobs", out name))
            return Found(RegistryResource.Blob, name, last, out route);
        return TryCut(head, "/referrers", out name) && Found(RegistryResource.Referrers, name, last, out route);
    }

    private static bool TryCut(ReadOnlySpan<char> text, string end, out ReadOnlySpan<char> start)
    {
        bool fits = text.Length > end.Length && text.EndsWith(end, StringComparison.Ordinal);
        start = fits ? text[..^end.Length] : default;
        return fits;
    }

    private static bool Found(RegistryResource resource, ReadOnlySpan<char> name, ReadOnlySpan<char> reference, out RegistryRoute route)
    {
        route = new RegistryRoute(resource, name.ToString(), reference.ToString());
        return true;
    }
}
