using Ipdr.Oci.Distribution.Credentials;

namespace Ipdr.Oci.Distribution;

/// <summary>How registries are talked to.</summary>
public sealed record RegistryOptions
{
    /// <summary>Allow plain HTTP, and certificates that nobody has signed, also for registries of other machines. Default false.</summary>
    public bool Insecure { get; init; }

    /// <summary>Who we are. Default: what Docker's and podman's own tools know.</summary>
    public CredentialStore Credentials { get; init; } = CredentialStore.OfProcess;

    /// <summary>Which certificates are good for single registries. Default: what Docker's and podman's own tools know.</summary>
    public RegistryCertificates Certificates { get; init; } = RegistryCertificates.OfProcess;

    /// <summary>How often a request is sent that fails for a reason which may pass. Default 5.</summary>
    public int MaxAttempts { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 5;

    /// <summary>The first pause before a request is sent again; each next is twice as long, with some chance in it. Default half a second.</summary>
    public TimeSpan FirstPause { get; init => field = Positive(value); } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest pause that a registry may ask for. Default two minutes; one that asks for more is not waited for.</summary>
    public TimeSpan MaxPause { get; init => field = Positive(value); } = TimeSpan.FromMinutes(2);

    /// <summary>The longest wait for an answer to begin, and for each next 16 KiB of it. Default one minute: a registry may have to look a blob up elsewhere.</summary>
    public TimeSpan Patience { get; init => field = Positive(value); } = TimeSpan.FromMinutes(1);

    /// <summary>The longest wait for a connection. Default 15 s.</summary>
    public TimeSpan ConnectTimeout { get; init => field = Positive(value); } = TimeSpan.FromSeconds(15);

    /// <summary>How often one request may be sent elsewhere. Default 5.</summary>
    public int MaxRedirects { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 5;

    /// <summary>Tells the time. Default <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    private static TimeSpan Positive(TimeSpan value) => value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value));
}
