using System.IO.Pipelines;
using Ipdr.Oci.Car;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Server.Tests;

/// <summary>What is in a CAR, checked.</summary>
internal static class CarBytes
{
    public static async Task<(IReadOnlyList<Cid> Roots, List<Cid> Blocks)> ReadAsync(HttpResponseMessage answer)
    {
        PipeReader input = CarReader.CreateInput(await answer.Content.ReadAsStreamAsync(TestRegistry.Cancellation));
        using CarReader reader = await CarReader.OpenAsync(input, null, TestRegistry.Cancellation);
        List<Cid> blocks = [];
        while (await reader.ReadNextAsync(TestRegistry.Cancellation) is { } block)
            blocks.Add(block.Cid);
        return (reader.Header.Roots, blocks);
    }
}
