using Ipdr.Oci.Registries;
using Ipdr.Server.Access;
using Microsoft.AspNetCore.Http;

namespace Ipdr.Server.Registry;

/// <summary>Everything under <c>/v2/</c> (distribution-spec 1.1): finds out what a request wants, whether it may, and who answers it.</summary>
/// <param name="registry">What can be read.</param>
/// <param name="served">Where pushed content goes, and its names.</param>
/// <param name="options">What is allowed.</param>
internal sealed class RegistryApi(IRegistryContent registry, ServedContent served, ServerOptions options)
{
    private readonly PullApi _pull = new(registry, options.ReadOnly ? null : served.Store);
    private readonly ManifestPushApi? _manifests = served.Store is null || options.ReadOnly ? null : new ManifestPushApi(served.Store, served.Resolvers, options);
    private readonly BlobPushApi? _blobs = served.Store is null || options.ReadOnly ? null : new BlobPushApi(served.Store, options);

    /// <summary>What a request needs. Where an upload stands is of interest to who pushes.</summary>
    public static AccessRight RightFor(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        && !(RegistryRoute.TryParse(request.Path.Value ?? "", out RegistryRoute route) && route.Resource == RegistryResource.Upload)
            ? AccessRight.Pull
            : AccessRight.Push;

    /// <summary>Answers a request, or throws what is to be answered instead.</summary>
    /// <exception cref="RegistryException">The request is refused.</exception>
    public Task HandleAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!RegistryRoute.TryParse(request.Path.Value ?? "", out RegistryRoute route))
            throw new RegistryException(RegistryErrorCode.Unsupported, "the API has no such path") { Status = StatusCodes.Status404NotFound };
        return DispatchAsync(context, route);
    }

    private Task DispatchAsync(HttpContext context, RegistryRoute route)
    {
        RegistryCall call = new(context, route);
        return (route.Resource, context.Request.Method) switch
        {
            (RegistryResource.Base, "GET" or "HEAD") => PullApi.GetBaseAsync(call),
            (RegistryResource.Catalog, "GET" or "HEAD") => _pull.GetCatalogAsync(call),
            (RegistryResource.Tags, "GET" or "HEAD") => _pull.GetTagsAsync(call),
            (RegistryResource.Manifest, "GET" or "HEAD") => _pull.GetManifestAsync(call),
            (RegistryResource.Blob, "GET" or "HEAD") => _pull.GetBlobAsync(call),
            (RegistryResource.Referrers, "GET" or "HEAD") => _pull.GetReferrersAsync(call),
            (RegistryResource.Manifest, "PUT") => Manifests(route).PutAsync(call),
            (RegistryResource.Manifest, "DELETE") => Manifests(route).DeleteAsync(call),
            (RegistryResource.Blob, "DELETE") => Blobs(route).DeleteAsync(call),
            (RegistryResource.Uploads, "POST") => Blobs(route).StartAsync(call),
            (RegistryResource.Upload, "GET" or "HEAD") => Blobs(route).GetStatusAsync(call),
            (RegistryResource.Upload, "PATCH") => Blobs(route).AppendAsync(call),
            (RegistryResource.Upload, "PUT") => Blobs(route).FinishAsync(call),
            (RegistryResource.Upload, "DELETE") => Blobs(route).CancelAsync(call),
            _ => throw NotAllowed(route, "the resource does not have that method"),
        };
    }

    private ManifestPushApi Manifests(RegistryRoute route) => _manifests ?? throw NotAllowed(route, "this registry is read-only");

    private BlobPushApi Blobs(RegistryRoute route) => _blobs ?? throw NotAllowed(route, "this registry is read-only");

    private RegistryException NotAllowed(RegistryRoute route, string message) => new(RegistryErrorCode.Unsupported, message)
    {
        Allow = (route.Resource, _blobs is null) switch
        {
            (RegistryResource.Manifest, false) => "GET, HEAD, PUT, DELETE",
            (RegistryResource.Blob, false) => "GET, HEAD, DELETE",
            (RegistryResource.Uploads, false) => "POST",
            (RegistryResource.Upload, false) => "GET, HEAD, PATCH, PUT, DELETE",
            (RegistryResource.Uploads or RegistryResource.Upload, true) => "",
            _ => "GET, HEAD",
        },
    };
}
