namespace Ipdr.Oci.Transfer;

/// <summary>What is pulled, and where it goes.</summary>
public sealed record PullOptions
{
    /// <summary>Which platforms, and how many blobs at once.</summary>
    public CopyOptions Copy { get; init; } = new();

    /// <summary>Which tag of the image's; null for <c>latest</c>, or the only image that there is.</summary>
    public string? Tag { get; init; }

    /// <summary>Where it goes beside the store; null for the container engine if one answers, and for nowhere else if none does.</summary>
    public ImagePlace? Destination { get; init; }

    /// <summary>The registry that the image's name begins with. Default that of the first IPDR: an image under this name was never published elsewhere.</summary>
    public string RegistryHost { get; init; } = "docker.localhost:5000";
}
