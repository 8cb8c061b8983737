using System.ComponentModel.DataAnnotations;
using AfirGen.Api.Drafting;
using AfirGen.Api.Durability;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Ledger;
using Microsoft.AspNetCore.Mvc;

namespace AfirGen.Api.Endpoints;

/// <summary>Lets anybody with a key verify the ledger, in pages.</summary>
internal static class LedgerEndpoints
{
    private const int MaxLimit = 1000;

    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Ledger").ProducesProblems();
        group
            .MapGet("/ledger/verify", VerifyAsync)
            .WithSummary("Computes the hashes of registered FIRs anew and names the first that is wrong");
        group
            .MapGet("/ledger/key", ([FromServices] ReceiptSigner signer) => Results.Text(signer.PublicKey, "application/x-pem-file"))
            .WithSummary("The public key that receipts are checked against");
        group.MapGet("/fir/{fir_number}/receipt", ReceiptAsync).WithSummary("The signed receipt of a registered FIR").Produces<Receipt>();
    }

    private static async Task ReceiptAsync(
        HttpContext context,
        [FromRoute(Name = "fir_number")] string number,
        [FromServices] IRegistry registry,
        [FromServices] ReceiptSigner signer
    )
    {
        var fir = await registry.FindAsync(number, context.RequestAborted) ?? throw new Refusal(RefusalKind.NotFound, "FIR not found.");
        if (fir is not { Registration: { } registration, FinalizedAt: { } registeredAt, Entry: { } entry })
        {
            throw new Refusal(RefusalKind.WrongState, "The FIR is not registered yet.");
        }

        await context.Response.WriteAsJsonAsync(signer.Sign(fir.FirNumber, registration, registeredAt, entry), WireJson.Wire.Receipt);
    }

    /// <summary>A page that starts in the middle takes the record before it as given: only a walk from 1 verifies everything.</summary>
    private static async Task<IResult> VerifyAsync(
        HttpContext context,
        [FromServices] IRegistry registry,
        [FromServices] LedgerWatch watch,
        [FromQuery, Range(1, long.MaxValue)] long from = 1,
        [FromQuery, Range(1, MaxLimit)] int limit = MaxLimit
    )
    {
        from = Math.Max(1, from);
        limit = Math.Clamp(limit, 1, MaxLimit);
        var before = LedgerHead.Genesis;
        if (from > 1)
        {
            var page = await registry.ReadLedgerAsync(from - 2, 1, context.RequestAborted);
            before =
                page.Head.Position < from - 1 ? page.Head // behind the end there is nothing to verify
                : page.Rows is [var row] && row.Entry.Position == from - 1 ? row.Entry.AsHead()
                : new(from - 1, "");
        }

        var found = await watch.VerifyAsync(before, limit, context.RequestAborted);
        return Results.Json(
            new
            {
                ok = found.Fault is null,
                from,
                verified_to = found.Verified.Position,
                complete = found.Complete,
                head_hash = found.Verified.Hash,
                first_bad_position = found.Fault?.Position,
                reason = found.Fault?.Reason,
            },
            OperatorJson.Options
        );
    }
}
