namespace Ipdr.Oci.Registries.Serving;

/// <summary>A registry that runs in this process. Disposing of it stops it.</summary>
public interface IHostedRegistry : IAsyncDisposable
{
    /// <summary>Where it answers, by plain HTTP.</summary>
    Uri Address { get; }
}
