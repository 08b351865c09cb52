#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# mail_dkim - DKIM by Mail::DKIM, with keys from memory.  The private key is
# read once.  Usage: mail_dkim.pl FOLDER
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Config;
use Contestant;
use Mail::DKIM::DNS;
use Mail::DKIM::PrivateKey;
use Mail::DKIM::Signer;
use Mail::DKIM::Verifier;

my $folder = shift or die "usage: mail_dkim.pl FOLDER\n";
my %records = map { $_->[0] => [Contestant::txt(@$_)] }
    Contestant::lines("$folder/keys", qr/\t/);
my $covered = join ':', qw(From Reply-To To Subject Date Message-ID
    MIME-Version Content-Type List-Unsubscribe List-Unsubscribe-Post
    Feedback-ID);

{
    no warnings 'redefine';
    *Mail::DKIM::DNS::query = sub {
        my ($name) = @_;
        $@ = 'NOERROR';
        return @{ $records{$name} // [] };
    };
}

sub verifier {
    my ($mail) = @_;
    return sub {
        my $verifier = Mail::DKIM::Verifier->new;
        $verifier->PRINT($mail);
        $verifier->CLOSE;
        die 'it does not verify: ' . $verifier->result_detail . "\n"
            if $verifier->result ne 'pass';
        return;
    };
}

sub signer {
    my ($mail, $key) = @_;
    return sub {
        my $signer = Mail::DKIM::Signer->new(
            Algorithm => 'rsa-sha256',
            Method    => 'relaxed/relaxed',
            Domain    => 'post.railcard.example',
            Selector  => 'nov26',
            Headers   => $covered,
            Key       => $key,
        );
        $signer->PRINT($mail);
        $signer->CLOSE;
        return $signer->signature->as_string . "\r\n";
    };
}

my $key = Mail::DKIM::PrivateKey->load(File => "$folder/rsa.pem");
my (%cases, @order);
for my $size (grep { -d "$folder/$_" } qw(2k 20k 200k)) {
    $cases{"sign-$size"} = [map { signer($_, $key) }
        Contestant::mails($folder, $size, '.eml')];
    $cases{"verify-$size"} = [map { verifier($_) }
        Contestant::mails($folder, $size, '.rsa.eml')];
    push @order, "sign-$size", "verify-$size";
}
Contestant::serve(\%cases, @order);
