using Ipdr.Oci.Engines;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Serving;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Destinations.Engine;

/// <summary>Has an engine pull an image from this process.</summary>
internal sealed class EnginePull(EngineClient client, RegistryHost host, TransferRegistry content)
{
    /// <summary>Pulls, looks whether the right image arrived, and gives it its name.</summary>
    /// <exception cref="IpdrException">The engine cannot pull, or has another image then (<see cref="FaultCode.ImageMismatch"/>).</exception>
    public async Task RunAsync(SourceImage image, IReadOnlyList<RunnableImage> candidates, CancellationToken cancellationToken)
    {
        ImageReference name = image.Name!;
        RepositoryName repository = RepositoryName.TryParse(name.FamiliarRepository, null, out RepositoryName familiar) ? familiar : RepositoryName.Parse("image");
        Tag tag = Tag.Parse(name.Tag ?? Tag.Latest.ToString());
        content.Name(repository, tag, image.Descriptor.Digest);
        IHostedRegistry registry = await host(content, cancellationToken).ConfigureAwait(false);
        await using (registry.ConfigureAwait(false))
        {
            string temporary = $"{registry.Address.Authority}/{repository}";
            try
            {
                await client.PullAsync(temporary, tag.ToString(), candidates is [var only] ? only.Platform : null, cancellationToken).ConfigureAwait(false);
                EngineImage arrived = await client.FindImageAsync($"{temporary}:{tag}", cancellationToken).ConfigureAwait(false)
                    ?? throw new IpdrException(new Fault(FaultCode.EngineFailed, "the engine says that it pulled the image, and does not have it", client.Endpoint.Text, "Its own log may say more."));
                if (!candidates.Any(candidate => candidate.HasLayersOf(arrived) && candidate.IsCalled(arrived, image.Descriptor.Digest)))
                    throw Mismatch(arrived, candidates, client);
                await client.TagAsync($"{temporary}:{tag}", name, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                // Also when it was interrupted: the name is of use to nobody.
                await ForgetAsync($"{temporary}:{tag}").ConfigureAwait(false);
            }
        }
    }

    private async Task ForgetAsync(string name)
    {
        try
        {
            await client.RemoveAsync(name, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IpdrException e) when (e.Fault.Code == FaultCode.EngineUnreachable)
        {
            // The engine is gone, which is what is being said already.
        }
    }

    /// <summary>Says that another image is there than was sent.</summary>
    public static IpdrException Mismatch(EngineImage arrived, IReadOnlyList<RunnableImage> candidates, EngineClient client) => new(new Fault(
        FaultCode.ImageMismatch, "the engine has another image than was sent", client.Endpoint.Text, "Do not use it; look into the engine's own log.")
    {
        Expected = string.Join(" or ", candidates.Select(candidate => candidate.ImageId)),
        Actual = arrived.Id,
    });
}
