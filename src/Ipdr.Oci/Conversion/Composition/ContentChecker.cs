using Ipdr.Oci.Archives;
using Ipdr.Oci.Conversion.Ingestion;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Conversion.Composition;

/// <summary>Holds content against everything that is promised of it, and files what does not hold with the node that promised it.</summary>
internal sealed class ContentChecker(MemberIngestion contents)
{
    private readonly HashSet<ArchiveNode> _checked = [];

    /// <summary>Checks all that a node leads to.</summary>
    public async Task CheckAsync(ArchiveNode node, CancellationToken cancellationToken)
    {
        if (!_checked.Add(node))
            return;
        if (node is IndexNode index)
        {
            foreach ((_, ArchiveNode? child) in index.Children)
            {
                if (child is not null)
                    await CheckAsync(child, cancellationToken).ConfigureAwait(false);
            }
        }
        foreach (ContentReference reference in Soundness.References(node).Where(reference => reference.Member is not null).DistinctBy(reference => (reference.Where, reference.Descriptor?.Size)))
            node.Faults.AddRange(await CheckPromisesAsync(reference, cancellationToken).ConfigureAwait(false));
        if (node is ImageNode { Config: not null } image)
            image.Faults.AddRange(await CheckLayersAsync(image, image.Config.RootFs.DiffIds ?? [], cancellationToken).ConfigureAwait(false));
    }

    private async Task<IReadOnlyList<Fault>> CheckPromisesAsync(ContentReference reference, CancellationToken cancellationToken)
    {
        ArchiveMember member = reference.Member!;
        IngestedContent content = contents[member];
        if (content.BrokenPromise is { } named)
            return [ContentFaults.FalseName(reference.Where, named, content.StoredDigests[DigestAlgorithm.Sha256])];
        List<Fault> faults = [];
        if (content.RepeatsDiffer || MemberDocument.HasOtherKind(member))
            faults.Add(MemberDocument.Ambiguous(member));
        if (reference.Descriptor is { } descriptor)
        {
            // The size first: whoever compares it needs not read the content.
            if (descriptor.Size != member.Size)
                faults.Add(ContentFaults.Size(reference.Where, descriptor.Size, member.Size));
            else if (await ContentIngestor.DigestAsync(content, descriptor.Digest.Algorithm, plain: false, cancellationToken).ConfigureAwait(false) is var actual && actual != descriptor.Digest)
                faults.Add(ContentFaults.Digest(reference.Where, descriptor.Digest, actual));
        }
        return faults;
    }

    private async Task<IReadOnlyList<Fault>> CheckLayersAsync(ImageNode image, IReadOnlyList<Digest> promised, CancellationToken cancellationToken)
    {
        if (image.Layers.Count != promised.Count)
        {
            return [new Fault(FaultCode.LayerCountMismatch, "the image has another number of layers than its config has DiffIds", image.Where, "Save the image again.")
            {
                Expected = $"{promised.Count} layers",
                Actual = $"{image.Layers.Count}",
            }];
        }
        List<Fault> faults = [];
        List<Digest> found = [];
        for (int i = 0; i < promised.Count; i++)
        {
            ContentReference layer = image.Layers[i];
            if (layer.Member is null || !layer.IsLayer)
                continue;
            IngestedContent content = contents[layer.Member];
            // That is told where it is promised.
            if (content.BrokenPromise is not null)
                continue;
            if (content.IsLeft)
            {
                found.Add(promised[i]);
                continue;
            }
            if (content.DecodeFault is { } broken)
            {
                faults.Add(broken);
                continue;
            }
            Digest actual = await ContentIngestor.DigestAsync(content, promised[i].Algorithm, plain: true, cancellationToken).ConfigureAwait(false);
            found.Add(actual);
            if (actual != promised[i])
                faults.Add(ContentFaults.DiffId(layer.Where, i, promised[i], actual));
        }
        return faults.Count > 0 && found.Count == promised.Count && found.Order(DigestOrder).SequenceEqual(promised.Order(DigestOrder))
            ? [new Fault(FaultCode.LayerOrder, "the layers are right but in the wrong order", image.Where, "Docker 25.0.0 wrote such archives; save the image again with a later one.")]
            : faults;
    }

    private static readonly Comparer<Digest> DigestOrder = Comparer<Digest>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));
}
